package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every family of decoders against the same mathematics in plain Java. */
class DecoderFamiliesTest {
    private static final double TOLERANCE = 1e-12;

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    private static DecoderModel model(String family) {
        return SmallModels.model(SmallModels.families().get(family).build());
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsFollowTheNaiveFormula(String family) {
        DecoderModel model = model(family);
        assertNaive(model, 2, 7);
        assertNaive(model, 1, 1);
        assertNaive(model, 1, model.config().maxLength());
    }

    @ParameterizedTest
    @MethodSource("families")
    void adaptedLogitsFollowTheNaiveFormulaAndMerge(String family) {
        DecoderModel adapted = SmallModels.adapted(model(family));
        assertNaive(adapted, 2, 5);
        int[][] ids = SmallModels.ids(adapted.config(), 2, 5, 3);
        DecoderModel merged = adapted.merged();
        assertEquals(Optional.empty(), merged.adapters());
        assertTrue(adapted.logits(ids).equalsWithEps(merged.logits(ids), TOLERANCE * 1e2));
    }

    @ParameterizedTest
    @MethodSource("families")
    void readsALargeTableAsItReadsASmallOne(String family) {
        DecoderConfig.Builder large = SmallModels.families().get(family);
        DecoderConfig small = large.build();
        DecoderConfig config =
                new DecoderConfig(
                        DecoderGraph.ONE_HOT_ROWS + 1,
                        small.width(),
                        small.layers(),
                        small.heads(),
                        small.feedForwardWidth(),
                        small.maxLength(),
                        small.head(),
                        small.activation(),
                        small.rotaryBase(),
                        small.dataType(),
                        small.seed(),
                        small.keyValueHeads(),
                        small.headWidth(),
                        small.architecture());
        DecoderModel model = DecoderModel.create(config);
        assertTrue(
                model.graph().getOps().values().stream()
                        .anyMatch(op -> op.getOp().opName().equals("gather")));
        assertNaive(model, 2, 3);
    }

    @Test
    void freshAdaptersChangeNothing() {
        DecoderModel base = model("qwen2");
        DecoderModel adapted = base.adapt(LoraConfig.defaults(base.config()));
        int[][] ids = SmallModels.ids(base.config(), 2, 6, 1);
        assertEquals(base.logits(ids), adapted.logits(ids));
        assertSame(base, adapted.base());
        assertEquals(
                Set.of(LoraTarget.QUERY, LoraTarget.VALUE),
                adapted.adapters().orElseThrow().targets());
        assertEquals(2 * 2 * (8 * 8 + 8 * 8) - 2 * 8 * 4, adapted.parameterCount());
    }

    @Test
    void closingAnAdaptedModelLeavesItsBase() {
        DecoderModel base = model("plain");
        DecoderModel adapted = base.adapt(LoraConfig.defaults(base.config()));
        List<INDArray> adapters = new ArrayList<>(adapted.parameters().values());
        adapted.close();
        assertTrue(adapters.stream().allMatch(INDArray::wasClosed));
        assertNaive(base, 1, 3);
    }

    @Test
    void refusesTargetsThatTheModelLacksAndAdaptersOnAdapters() {
        DecoderModel base = model("plain");
        LoraConfig lora = new LoraConfig(2, 4, Set.of(LoraTarget.QUERY), 1);
        assertMessage(
                "targets must be among query_key_value, attention_output, up, down for this model,"
                        + " got query",
                () -> base.adapt(lora));
        DecoderModel adapted = base.adapt(LoraConfig.defaults(base.config()));
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> adapted.adapt(LoraConfig.defaults(base.config())))
                        .getMessage()
                        .startsWith("a model must have no adapters to get some, got LoraConfig"));
        assertMessage("rank must be >= 1, got 0", () -> new LoraConfig(0, 1, lora.targets(), 1));
        assertMessage("alpha must be > 0, got 0.0", () -> new LoraConfig(1, 0, lora.targets(), 1));
        assertMessage(
                "targets must name at least one matrix, got none",
                () -> new LoraConfig(1, 1, Set.of(), 1));
    }

    @ParameterizedTest
    @MethodSource("families")
    void filesKeepFamilyAndAdapters(String family, @TempDir Path directory) throws Exception {
        for (DecoderModel model : List.of(model(family), SmallModels.adapted(model(family)))) {
            Path file = directory.resolve("model.safetensors");
            model.save(file);
            DecoderModel loaded = DecoderModel.load(file);
            assertEquals(model.config(), loaded.config());
            assertEquals(model.adapters(), loaded.adapters());
            assertEquals(model.parameters(), loaded.parameters());
            assertEquals(model.base().parameters(), loaded.base().parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void adaptersHaveAFileOfTheirOwn(String family, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("adapter.safetensors");
        DecoderModel base = model(family);
        DecoderModel adapted = SmallModels.adapted(base);
        adapted.saveAdapters(file);
        DecoderModel loaded = base.withAdapters(file);
        assertEquals(adapted.adapters(), loaded.adapters());
        assertEquals(adapted.parameters(), loaded.parameters());
        assertEquals(
                "a model must have adapters to save them, has none",
                assertThrows(IllegalArgumentException.class, () -> base.saveAdapters(file))
                        .getMessage());
    }

    @Test
    void adaptersOfAnotherModelAreRefused(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("adapter.safetensors");
        SmallModels.adapted(model("plain")).saveAdapters(file);
        String targets =
                assertThrows(IOException.class, () -> model("qwen2").withAdapters(file))
                        .getMessage();
        assertTrue(targets.startsWith(file + ": targets must be among query, key"), targets);
        DecoderModel wider = SmallModels.model(SmallModels.config().feedForwardWidth(14).build());
        assertEquals(
                file + ": tensor block0/feed_forward/w1_lora_b must have the shape [2, 14]",
                assertThrows(IOException.class, () -> wider.withAdapters(file)).getMessage());
        model("plain").save(file);
        assertEquals(
                file + ": format must be learning-dynamics-adapter, got learning-dynamics-decoder",
                assertThrows(IOException.class, () -> model("plain").withAdapters(file))
                        .getMessage());
    }

    @Test
    void namesWhatDoesNotFitTogether() {
        assertMessage(
                "keyValueHeads must divide heads = 4, got 3",
                () -> SmallModels.config().heads(4).keyValueHeads(3).build());
        assertMessage(
                "keyValueHeads must be heads = 4 without separate projections, got 2",
                () -> SmallModels.config().heads(4).keyValueHeads(2).build());
        assertMessage(
                "rotaryFraction * headWidth must be an even number of columns, got 0.25 * 4",
                () ->
                        SmallModels.config()
                                .architecture(DecoderArchitecture.gptNeoX(0.25, true))
                                .build());
        assertMessage(
                "rotaryFraction must be in (0, 1], got 1.5",
                () -> DecoderArchitecture.gptNeoX(1.5, true));
        assertMessage("normEpsilon must be > 0, got 0.0", () -> DecoderArchitecture.llama(true, 0));
        assertMessage(
                "rotaryScale must be >= 1, got 0.5",
                () -> DecoderArchitecture.builder().rotaryScale(0.5).build());
        assertMessage(
                "width must be a multiple of heads = 3, got 8",
                () ->
                        SmallModels.config()
                                .heads(3)
                                .architecture(DecoderArchitecture.gpt2())
                                .build());
    }

    @Test
    void modelsOverGivenArraysNameWhatIsWrong() {
        DecoderConfig config = SmallModels.config().build();
        Map<String, INDArray> arrays =
                new java.util.HashMap<>(SmallModels.model(config).parameters());
        assertNaive(DecoderModel.of(config, arrays), 1, 4);
        INDArray head = arrays.remove("final_norm");
        assertMessage("tensor final_norm is missing", () -> DecoderModel.of(config, arrays));
        arrays.put("final_norm", head.castTo(DataType.FLOAT));
        assertMessage(
                "tensor final_norm must be DOUBLE [1, 8], got FLOAT [1, 8]",
                () -> DecoderModel.of(config, arrays));
        arrays.put("final_norm", head);
        arrays.put("other", head);
        assertMessage(
                "tensors must be the configuration's, got [other] too",
                () -> DecoderModel.of(config, arrays));
    }

    private static void assertNaive(DecoderModel model, int batch, int length) {
        int[][] ids = SmallModels.ids(model.config(), batch, length, 3);
        INDArray logits = model.logits(ids);
        for (int i = 0; i < ids.length; i++) {
            double[][] expected = new NaiveDecoder(model).logits(ids[i]);
            double[][] actual = logits.slice(i).toDoubleMatrix();
            for (int t = 0; t < expected.length; t++) {
                assertArrayEquals(expected[t], actual[t], TOLERANCE * 10, "position " + t);
            }
        }
    }

    private static void assertMessage(
            String message, org.junit.jupiter.api.function.Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
