package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PackedBatch;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.model.PackedInput;
import org.learningdynamics.model.PackedView;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Packed rows against one forward pass a response. */
class PackedDecoderTest {
    private static final int PADDING = 0;

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void responsesAreAsLikelyAsAlone(String family) {
        DecoderConfig config = SmallModels.families().get(family).build();
        check(SmallModels.model(config), 1e-9);
        check(SmallModels.adapted(SmallModels.model(config)), 1e-9);
    }

    @ParameterizedTest
    @MethodSource("families")
    void floatResponsesOfEveryFamilyAreAsLikelyAsAlone(String family) {
        DecoderConfig config = SmallModels.families().get(family).dataType(DataType.FLOAT).build();
        check(SmallModels.adapted(SmallModels.model(config)), 1e-5);
    }

    @Test
    void floatResponsesAreAsLikelyAsAlone() {
        DecoderConfig config =
                DecoderConfig.builder(40)
                        .width(32)
                        .maxLength(64)
                        .architecture(DecoderArchitecture.gptNeoX(0.5, true))
                        .build();
        check(DecoderModel.create(config), 1e-5);
    }

    @Test
    void aTrainedParameterIsSeenAfterARefresh() {
        DecoderModel model = SmallModels.model(SmallModels.config().build());
        List<List<EncodedResponse>> groups = groups(model.config().vocabularySize());
        try (PackedView view = model.packedView()) {
            view.refresh();
            measure(view, groups);
            model.parameters().get("block0/attention/wqkv").muli(0.5);
            view.refresh();
            assertEquals(alone(model, groups), measure(view, groups), 1e-9);
        }
        assertThrows(IllegalStateException.class, () -> measure(model.packedView(), groups));
    }

    private static void check(DecoderModel model, double tolerance) {
        List<List<EncodedResponse>> groups = groups(model.config().vocabularySize());
        try (PackedView view = model.packedView()) {
            view.refresh();
            assertEquals(alone(model, groups), measure(view, groups), tolerance);
        }
    }

    private static void assertEquals(
            List<double[]> expected, List<double[]> actual, double tolerance) {
        org.junit.jupiter.api.Assertions.assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), tolerance, "response " + i);
        }
    }

    private static List<double[]> measure(PackedView view, List<List<EncodedResponse>> groups) {
        PackedBatch batch = PackedBatch.of(groups, PADDING, 4);
        PackedInput input =
                new PackedInput(
                        Nd4j.createFromArray(batch.inputIds()),
                        Nd4j.createFromArray(batch.positions()),
                        Nd4j.createFromArray(batch.segments()),
                        Nd4j.createFromArray(batch.headRows()));
        try (input) {
            INDArray logits = view.logits(input);
            return LikelihoodMeasures.measureStacked(logits, batch.labels()).stream()
                    .map(Likelihood::tokenLogProbs)
                    .toList();
        }
    }

    private static List<double[]> alone(DecoderModel model, List<List<EncodedResponse>> groups) {
        List<double[]> all = new ArrayList<>();
        for (EncodedResponse response : groups.stream().flatMap(List::stream).toList()) {
            int[] tokens = response.tokens();
            int[] labels = new int[tokens.length - 1];
            Arrays.setAll(labels, t -> t + 1 < response.promptLength() ? -100 : tokens[t + 1]);
            int[][] input = {Arrays.copyOf(tokens, tokens.length - 1)};
            try (INDArray logits = model.logits(input)) {
                all.add(
                        LikelihoodMeasures.measure(logits, new int[][] {labels})
                                .get(0)
                                .tokenLogProbs());
            }
        }
        return all;
    }

    /** Prompts of 1 to 6 tokens with 1 to 4 responses of 1 to 5. */
    private static List<List<EncodedResponse>> groups(int vocabulary) {
        Random random = new Random(4);
        List<List<EncodedResponse>> groups = new ArrayList<>();
        for (int prompt : new int[] {1, 6, 3}) {
            int[] shared = random.ints(prompt, 1, vocabulary).toArray();
            List<EncodedResponse> group = new ArrayList<>();
            for (int k = 0; k < 1 + prompt % 4 + prompt / 2; k++) {
                int[] tokens = Arrays.copyOf(shared, prompt + 1 + (k * 2 + prompt) % 5);
                for (int t = prompt; t < tokens.length; t++) {
                    tokens[t] = 1 + random.nextInt(vocabulary - 1);
                }
                group.add(new EncodedResponse(tokens, prompt));
            }
            groups.add(group);
        }
        return groups;
    }

    @Test
    void groupsMustShareAPrompt() {
        EncodedResponse one = new EncodedResponse(new int[] {1, 2, 3}, 2);
        EncodedResponse other = new EncodedResponse(new int[] {1, 4, 3}, 2);
        org.junit.jupiter.api.Assertions.assertEquals(
                "responses of a group must share the prompt's tokens, got another prompt for"
                        + " response 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PackedBatch.of(List.of(List.of(one, other)), 0, 1))
                        .getMessage());
        org.junit.jupiter.api.Assertions.assertEquals(
                "a batch needs at least one group, got 0",
                assertThrows(IllegalArgumentException.class, () -> PackedBatch.of(List.of(), 0, 1))
                        .getMessage());
    }
}
