package org.learningdynamics.data;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Words, single punctuation characters and line ends as tokens, case kept. Built from a corpus: its
 * most frequent pieces, ties in code-unit order. Ids: 0 padding, 1 end of sequence, 2 unknown, then
 * the pieces.
 *
 * <p>A word is a run of letters, digits and underscores with single apostrophes or hyphens inside
 * ({@code don't}, {@code horse-shoe}); every other visible character stands alone; every line end
 * is one token. White space is not kept: {@link #decode} puts single spaces between pieces, but
 * none at line ends, before closing punctuation (stops, closing brackets, the percent sign), after
 * opening punctuation (opening brackets, dollar, hash and at signs) and inside straight quotes.
 * Text written that way comes back unchanged if all its words are known; an unknown piece reads
 * {@link #UNKNOWN}. Text that spells a special token is ordinary text.
 */
public final class WordTokenizer implements Tokenizer {
    /** How an unknown piece is written. */
    public static final String UNKNOWN = "<unk>";

    private static final int PADDING_ID = 0;
    private static final int END_ID = 1;
    private static final int UNKNOWN_ID = 2;
    private static final int SPECIALS = 3;
    private static final String FORMAT = "word-tokenizer-1";
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private final List<String> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final String digest;

    private WordTokenizer(List<String> pieces) {
        this.pieces = List.copyOf(pieces);
        for (int i = 0; i < pieces.size(); i++) {
            ids.put(pieces.get(i), SPECIALS + i);
        }
        List<String> parts = new ArrayList<>(pieces);
        parts.add(0, FORMAT);
        this.digest = Sha256.ofParts(parts);
    }

    /**
     * Builds the vocabulary. Cost: one pass over the corpus; memory for its distinct pieces.
     *
     * @param corpus texts
     * @param maxVocabulary number of ids at most, special ones included, at least 4
     * @return the tokenizer
     */
    public static WordTokenizer train(Iterable<String> corpus, int maxVocabulary) {
        if (maxVocabulary <= SPECIALS) {
            throw new IllegalArgumentException(
                    "maxVocabulary must be > " + SPECIALS + ", got " + maxVocabulary);
        }
        Map<String, Integer> counts = new HashMap<>();
        for (String text : corpus) {
            WordPieces.split(text).forEach(piece -> counts.merge(piece, 1, Integer::sum));
        }
        Comparator<Map.Entry<String, Integer>> frequentFirst =
                Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey());
        return new WordTokenizer(
                counts.entrySet().stream()
                        .sorted(frequentFirst)
                        .limit(maxVocabulary - SPECIALS)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param file the file
     * @return an equal tokenizer
     * @throws DataException if the file cannot be read or is not such a file
     */
    public static WordTokenizer load(Path file) {
        try {
            Saved saved =
                    GSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), Saved.class);
            if (saved == null || !FORMAT.equals(saved.format()) || !saved.isSound()) {
                throw new DataException(file + ": is not a " + FORMAT + " file");
            }
            return new WordTokenizer(saved.pieces());
        } catch (JsonParseException e) {
            throw new DataException(file + ": is not a " + FORMAT + " file", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the vocabulary as JSON, the same bytes for the same vocabulary.
     *
     * @param file where to; replaced if there
     * @throws DataException if the file cannot be written
     */
    public void save(Path file) {
        try {
            Files.writeString(file, GSON.toJson(new Saved(FORMAT, pieces)) + "\n");
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public int[] encode(String text) {
        return WordPieces.split(text).stream()
                .mapToInt(piece -> ids.getOrDefault(piece, UNKNOWN_ID))
                .toArray();
    }

    /** Padding and end of sequence are left out. */
    @Override
    public String decode(int[] tokenIds) {
        List<String> text = new ArrayList<>(tokenIds.length);
        for (int id : tokenIds) {
            if (id < 0 || id >= vocabularySize()) {
                throw new IllegalArgumentException(
                        "id must be in [0, " + vocabularySize() + "), got " + id);
            }
            if (id >= UNKNOWN_ID) {
                text.add(id == UNKNOWN_ID ? UNKNOWN : pieces.get(id - SPECIALS));
            }
        }
        return WordPieces.join(text);
    }

    @Override
    public int vocabularySize() {
        return SPECIALS + pieces.size();
    }

    @Override
    public int endOfSequenceId() {
        return END_ID;
    }

    @Override
    public int paddingId() {
        return PADDING_ID;
    }

    /**
     * The id of pieces that are not in the vocabulary.
     *
     * @return its id
     */
    public int unknownId() {
        return UNKNOWN_ID;
    }

    @Override
    public String digest() {
        return digest;
    }

    /** The file's content. */
    private record Saved(String format, List<String> pieces) {
        boolean isSound() {
            return pieces != null
                    && !pieces.contains(null)
                    && new HashSet<>(pieces).size() == pieces.size();
        }
    }
}
