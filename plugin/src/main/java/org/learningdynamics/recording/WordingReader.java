package org.learningdynamics.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables about wording: the texts of token ids, the token ids of responses, and what
 * training examples teach. Files before format version 3, and those without tokens or texts, have
 * no rows.
 */
public final class WordingReader {
    private final RunFileReader file;

    WordingReader(RunFileReader file) {
        this.file = file;
    }

    /**
     * Hands over the texts of tokens, by id.
     *
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachTokenText(Consumer<TokenText> action) {
        file.eachOf(
                RunTable.VOCABULARY,
                RunTable.VOCABULARY.select(),
                row -> new TokenText(row.getInt(1), row.getString(2)),
                action);
    }

    /**
     * Hands over the token ids of responses, by probe and kind.
     *
     * @param action called for each response
     * @throws RunFileException if the file cannot be read
     */
    public void forEachResponse(Consumer<ResponseTokens> action) {
        Gathered gathered = new Gathered(action);
        file.eachOf(
                RunTable.RESPONSE_TOKEN,
                RunTable.RESPONSE_TOKEN.select(),
                row -> new OneToken(row.getInt(1), row.getString(2), row.getInt(4)),
                gathered::add);
        gathered.hand();
    }

    /**
     * Hands over the responses that examples teach, by example and part.
     *
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachExampleResponse(Consumer<ExampleResponse> action) {
        file.eachOf(
                RunTable.EXAMPLE_RESPONSE,
                RunTable.EXAMPLE_RESPONSE.select(),
                row -> new ExampleResponse(row.getLong(1), row.getString(2), row.getString(3)),
                action);
    }

    private record OneToken(int probe, String kind, int token) {}

    /** Puts together the tokens of a response, which come one after the other. */
    private static final class Gathered {
        private final Consumer<ResponseTokens> action;
        private final List<Integer> tokens = new ArrayList<>();
        private @Nullable OneToken last;

        Gathered(Consumer<ResponseTokens> action) {
            this.action = action;
        }

        void add(OneToken next) {
            OneToken before = last;
            if (before != null && (before.probe != next.probe || !before.kind.equals(next.kind))) {
                hand();
            }
            last = next;
            tokens.add(next.token);
        }

        void hand() {
            if (!tokens.isEmpty()) {
                OneToken before = Objects.requireNonNull(last);
                action.accept(new ResponseTokens(before.probe, before.kind, tokens));
                tokens.clear();
            }
        }
    }
}
