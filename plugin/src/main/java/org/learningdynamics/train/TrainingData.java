package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.learningdynamics.data.CompletionExample;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.Example;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.PreferenceRow;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.data.Supervision;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.recording.ExampleRow;

/** Encoded examples of one stage, with what their run file says of them. Immutable. */
public final class TrainingData {
    private final TrainingMethod.Form form;
    private final SequenceEncoder encoder;
    private final List<TrainingItem> items;
    private final List<ExampleRow> rows;

    private TrainingData(
            TrainingMethod.Form form,
            SequenceEncoder encoder,
            List<TrainingItem> items,
            List<ExampleRow> rows) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("training data must hold examples, got none");
        }
        this.form = form;
        this.encoder = encoder;
        this.items = List.copyOf(items);
        this.rows = List.copyOf(rows);
    }

    /**
     * Texts to learn from their first token on; ids count from 1.
     *
     * @param texts at least one text
     * @param encoder makes the tokens
     * @return data for {@link TrainingMethod#PRETRAIN}
     */
    public static TrainingData texts(List<String> texts, SequenceEncoder encoder) {
        List<CompletionExample> examples =
                IntStream.range(0, texts.size())
                        .mapToObj(i -> new CompletionExample(i + 1, "", texts.get(i)))
                        .toList();
        return completions(examples, encoder);
    }

    /**
     * Prompts with the response to learn.
     *
     * @param examples at least one example
     * @param encoder makes the tokens
     * @return data for the methods that are not pairwise
     */
    public static TrainingData completions(
            List<CompletionExample> examples, SequenceEncoder encoder) {
        return of(
                TrainingMethod.Form.RESPONSES,
                encoder,
                examples,
                example -> List.of(encoder.encode(example).encoded()));
    }

    /**
     * Pairs of responses.
     *
     * @param examples at least one pair
     * @param encoder makes the tokens
     * @return data for the pairwise methods
     */
    public static TrainingData preferences(
            List<PreferenceExample> examples, SequenceEncoder encoder) {
        return of(
                TrainingMethod.Form.PAIRS,
                encoder,
                examples,
                example -> {
                    PreferenceRow row = encoder.encode(example);
                    return List.of(row.chosen(), row.rejected());
                });
    }

    /**
     * Preferences as a method takes them: pairs; the chosen responses for sft and sft-sum; chosen
     * and rejected ones apart for sft-extended; prompt and chosen response as one text for
     * pretrain.
     *
     * @param method the method
     * @param examples at least one pair
     * @param encoder makes the tokens
     * @return data for that method
     */
    public static TrainingData preferences(
            TrainingMethod method, List<PreferenceExample> examples, SequenceEncoder encoder) {
        return switch (method) {
            case DPO, CDPO, IPO -> preferences(examples, encoder);
            case SFT, SFT_SUM -> completions(Supervision.onChosen(examples), encoder);
            case SFT_EXTENDED -> completions(Supervision.extended(examples), encoder);
            case PRETRAIN ->
                    of(
                            TrainingMethod.Form.RESPONSES,
                            encoder,
                            examples,
                            example -> List.of(wholeText(encoder.encode(example).chosen())));
        };
    }

    private static EncodedResponse wholeText(EncodedResponse row) {
        return new EncodedResponse(row.tokens(), 1);
    }

    private static <T extends Example> TrainingData of(
            TrainingMethod.Form form,
            SequenceEncoder encoder,
            List<T> examples,
            Function<T, List<EncodedResponse>> encode) {
        List<TrainingItem> items = new ArrayList<>(examples.size());
        List<ExampleRow> rows = new ArrayList<>(examples.size());
        for (T example : examples) {
            items.add(new TrainingItem(example.id(), encode.apply(example)));
            rows.add(new ExampleRow(example.id(), example.digest(), example.prompt()));
        }
        return new TrainingData(form, encoder, items, rows);
    }

    /**
     * Number of examples.
     *
     * @return at least 1
     */
    public int size() {
        return items.size();
    }

    /**
     * SHA-256 over the examples' digests, in order.
     *
     * @return hexadecimal digest
     */
    public String digest() {
        return Sha256.ofParts(rows.stream().map(ExampleRow::digest).toList());
    }

    boolean isPairwise() {
        return form == TrainingMethod.Form.PAIRS;
    }

    SequenceEncoder encoder() {
        return encoder;
    }

    Tokenizer tokenizer() {
        return encoder.tokenizer();
    }

    List<TrainingItem> items() {
        return items;
    }

    /** The examples as a run file knows them. */
    List<ExampleRow> rows() {
        return rows;
    }

    int longest() {
        return items.stream().mapToInt(TrainingItem::length).max().orElse(0);
    }
}
