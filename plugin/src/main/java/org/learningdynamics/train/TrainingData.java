package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.learningdynamics.data.UnpairedExample;
import org.learningdynamics.recording.ExampleResponse;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.ResidualRow;

/** Encoded examples of one stage, with what their run file says of them. Immutable. */
public final class TrainingData {
    private final TrainingMethod.Form form;
    private final SequenceEncoder encoder;
    private final List<TrainingItem> items;
    private final List<ExampleRow> rows;
    private final List<ExampleResponse> taught;

    private TrainingData(
            TrainingMethod.Form form,
            SequenceEncoder encoder,
            List<TrainingItem> items,
            List<ExampleRow> rows,
            List<ExampleResponse> taught) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("training data must hold examples, got none");
        }
        this.form = form;
        this.encoder = encoder;
        this.items = List.copyOf(items);
        this.rows = List.copyOf(rows);
        this.taught = List.copyOf(taught);
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
     * Preferences as a method takes them: pairs; the chosen responses for sft, sft-sum and dft; the
     * rejected ones for npo and gradient-ascent; both apart for sft-extended, and with labels for
     * kto; prompt and chosen response as one text for pretrain.
     *
     * @param method the method
     * @param examples at least one pair
     * @param encoder makes the tokens
     * @return data for that method
     */
    public static TrainingData preferences(
            TrainingMethod method, List<PreferenceExample> examples, SequenceEncoder encoder) {
        return switch (method.examples()) {
            case PAIRS -> preferences(examples, encoder);
            case CHOSEN -> completions(Supervision.onChosen(examples), encoder);
            case REJECTED -> completions(onRejected(examples), encoder);
            case BOTH -> completions(Supervision.extended(examples), encoder);
            case LABELLED -> unpaired(labelled(examples), encoder);
            case TEXTS ->
                    of(
                            TrainingMethod.Form.RESPONSES,
                            encoder,
                            examples,
                            example -> List.of(wholeText(encoder.encode(example).chosen())));
        };
    }

    private static List<CompletionExample> onRejected(List<PreferenceExample> examples) {
        return examples.stream()
                .map(e -> new CompletionExample(e.id(), e.prompt(), e.rejected()))
                .toList();
    }

    /** The pair n gives the ids 2n (desirable) and 2n + 1 (undesirable). */
    private static List<UnpairedExample> labelled(List<PreferenceExample> examples) {
        List<UnpairedExample> all = new ArrayList<>(2 * examples.size());
        for (PreferenceExample e : examples) {
            all.add(new UnpairedExample(2 * e.id(), e.prompt(), e.chosen(), true));
            all.add(new UnpairedExample(2 * e.id() + 1, e.prompt(), e.rejected(), false));
        }
        return all;
    }

    /**
     * Responses with a label each. For the divergence that kto needs, every prompt also meets the
     * response of the next example with another prompt.
     *
     * @param examples at least two different prompts
     * @param encoder makes the tokens
     * @return data for {@link TrainingMethod#KTO}
     * @throws IllegalArgumentException if all prompts are the same
     */
    public static TrainingData unpaired(List<UnpairedExample> examples, SequenceEncoder encoder) {
        List<TrainingItem> items = new ArrayList<>(examples.size());
        List<ExampleRow> rows = new ArrayList<>(examples.size());
        List<ExampleResponse> taught = new ArrayList<>(examples.size());
        for (int i = 0; i < examples.size(); i++) {
            UnpairedExample own = examples.get(i);
            String mismatched = next(examples, i).completion();
            List<EncodedResponse> responses =
                    List.of(
                            encoder.encode(own).encoded(),
                            encoder.encode(own.prompt(), mismatched));
            items.add(new TrainingItem(own.id(), responses, own.label()));
            rows.add(new ExampleRow(own.id(), own.digest(), own.prompt()));
            taught.addAll(taught(own));
        }
        return new TrainingData(TrainingMethod.Form.LABELLED, encoder, items, rows, taught);
    }

    private static UnpairedExample next(List<UnpairedExample> examples, int index) {
        String prompt = examples.get(index).prompt();
        for (int step = 1; step < examples.size(); step++) {
            UnpairedExample other = examples.get((index + step) % examples.size());
            if (!other.prompt().equals(prompt)) {
                return other;
            }
        }
        throw new IllegalArgumentException(
                "unpaired examples must have different prompts, got only " + prompt);
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
        List<ExampleResponse> taught = new ArrayList<>(examples.size());
        for (T example : examples) {
            items.add(new TrainingItem(example.id(), encode.apply(example)));
            rows.add(new ExampleRow(example.id(), example.digest(), example.prompt()));
            taught.addAll(taught(example));
        }
        return new TrainingData(form, encoder, items, rows, taught);
    }

    private static List<ExampleResponse> taught(Example example) {
        long id = example.id();
        if (example instanceof PreferenceExample pair) {
            return List.of(
                    new ExampleResponse(id, ResidualRow.CHOSEN, pair.chosen()),
                    new ExampleResponse(id, ResidualRow.REJECTED, pair.rejected()));
        } else if (example instanceof CompletionExample one) {
            return List.of(new ExampleResponse(id, ResidualRow.RESPONSE, one.completion()));
        } else if (example instanceof UnpairedExample one) {
            return List.of(new ExampleResponse(id, ResidualRow.RESPONSE, one.completion()));
        }
        return List.of();
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

    /** SHA-256 of every token and where each response begins. */
    String tokensDigest() {
        return Sha256.ofParts(
                items.stream()
                        .<String>mapMulti(
                                (item, out) -> {
                                    out.accept(item.example() + " " + item.desirable());
                                    item.responses().forEach(row -> out.accept(tokens(row)));
                                })
                        .toList());
    }

    private static String tokens(EncodedResponse row) {
        return row.promptLength() + Arrays.toString(row.tokens());
    }

    TrainingMethod.Form form() {
        return form;
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

    /** The responses that the examples teach, as a run file knows them. */
    List<ExampleResponse> taught() {
        return taught;
    }

    int longest() {
        return items.stream().mapToInt(TrainingItem::length).max().orElse(0);
    }
}
