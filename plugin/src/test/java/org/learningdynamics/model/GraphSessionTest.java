package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.ResponseLogProbs;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GraphSessionTest {
    private static final int WORDS = 11;

    private static Map<String, INDArray> host(
            SameDiff graph, List<String> names, Map<String, INDArray> placeholders) {
        return new InferenceSession(graph)
                .output(
                        names,
                        placeholders,
                        null,
                        Set.of(),
                        List.of(),
                        At.defaultAt(Operation.INFERENCE));
    }

    private static void assertEqualsHost(
            SameDiff graph,
            GraphSession session,
            List<String> names,
            Map<String, INDArray> placeholders) {
        Map<String, INDArray> expected = host(graph, names, placeholders);
        Map<String, INDArray> found = session.pass(names, placeholders);
        assertEquals(expected.keySet(), found.keySet());
        for (String name : names) {
            INDArray a = expected.get(name);
            INDArray b = found.get(name);
            assertEquals(a.dataType(), b.dataType(), name);
            assertEquals(List.of(a.shapeInfoToString()), List.of(b.shapeInfoToString()), name);
            assertArrayEquals(a.dup('c').data().asDouble(), b.dup('c').data().asDouble(), name);
        }
    }

    private static SameDiff decoderGradients() {
        DecoderModel model =
                DecoderModel.create(
                        DecoderConfig.builder(WORDS)
                                .width(8)
                                .layers(2)
                                .heads(2)
                                .maxLength(6)
                                .seed(4)
                                .build());
        SameDiff graph = model.newGraph();
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        ResponseLogProbs.define(graph, logits, labels, WORDS).logProbs().sum().rename("loss");
        graph.setLossVariables("loss");
        graph.createGradFunction();
        return graph.getFunction("grad");
    }

    private static Map<String, INDArray> batch(int rows, int length) {
        Nd4j.getRandom().setSeed(rows * 100L + length);
        return Map.of(DecoderModel.INPUT_IDS, words(rows, length), "labels", words(rows, length));
    }

    private static INDArray words(int rows, int length) {
        return Nd4j.rand(DataType.FLOAT, rows, length).muli(WORDS).castTo(DataType.INT32);
    }

    private static List<String> gradients(SameDiff graph) {
        List<String> names = new ArrayList<>();
        for (SDVariable variable : graph.variables()) {
            boolean isTrained = variable.getVariableType() == VariableType.VARIABLE;
            if (isTrained && variable.getGradient() != null) {
                names.add(variable.getGradient().name());
            }
        }
        assertTrue(names.size() > 10, names.toString());
        names.add(DecoderModel.LOGITS_2D);
        names.add("loss");
        return names;
    }

    @Test
    void everyPassEqualsThatOfTheHostsSessionBitForBit() {
        SameDiff graph = decoderGradients();
        GraphSession session = new GraphSession(graph);
        List<String> names = gradients(graph);
        for (int[] shape : new int[][] {{3, 4}, {1, 6}, {3, 4}, {2, 2}, {5, 3}, {4, 4}, {3, 4}}) {
            assertEqualsHost(graph, session, names, batch(shape[0], shape[1]));
        }
        assertEqualsHost(graph, session, List.of("loss"), batch(3, 4));
        session.close();
        assertEqualsHost(graph, session, names, batch(3, 4));
    }

    @Test
    void whatIsHandedOutIsLeftAloneByLaterPasses() {
        SameDiff graph = decoderGradients();
        GraphSession session = new GraphSession(graph);
        List<String> names = gradients(graph);
        Map<String, INDArray> first = session.pass(names, batch(3, 4));
        Map<String, INDArray> copies = new HashMap<>();
        first.forEach((name, array) -> copies.put(name, array.dup()));
        session.pass(names, batch(3, 4));
        session.pass(names, batch(2, 5));
        first.forEach((name, array) -> assertEquals(copies.get(name), array, name));
        first.values().forEach(INDArray::close);
        assertEqualsHost(graph, session, names, batch(3, 4));
    }

    @Test
    void aReshapeThatIsAskedForHasMemoryOfItsOwn() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 4);
        SDVariable doubled = x.mul(2).rename("doubled");
        graph.reshape(doubled, -1, 2).rename("pairs").add(1).rename("more");
        GraphSession session = new GraphSession(graph);
        INDArray given = Nd4j.arange(8).castTo(DataType.FLOAT).reshape(2, 4);
        assertEqualsHost(graph, session, List.of("doubled", "pairs", "more"), Map.of("x", given));
        assertEqualsHost(graph, session, List.of("doubled", "more"), Map.of("x", given));
        assertEqualsHost(graph, session, List.of("more"), Map.of("x", given));
        Map<String, INDArray> found = session.pass(List.of("doubled", "pairs"), Map.of("x", given));
        found.get("doubled").assign(0);
        assertEquals(2, found.get("pairs").getFloat(0, 1));
    }

    @Test
    void shapesThatFollowFromValuesAreFoundAnew() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, -1);
        SDVariable shape = graph.placeHolder("shape", DataType.INT64, 2);
        graph.reshape(x.add(1), shape).mul(3).rename("y");
        GraphSession session = new GraphSession(graph);
        INDArray given = Nd4j.arange(12).castTo(DataType.FLOAT).reshape(3, 4);
        for (long[] each : new long[][] {{2, 6}, {6, 2}, {12, 1}, {2, 6}}) {
            assertEqualsHost(
                    graph,
                    session,
                    List.of("y"),
                    Map.of("x", given, "shape", Nd4j.createFromArray(each)));
        }
    }

    @Test
    void controlFlowRunsAsInTheHostsSession() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2);
        SDVariable y = graph.ifCond(g -> g.sum(x).gt(0), g -> x.mul(10), g -> x.sub(5));
        y.mul(2).rename("y");
        GraphSession session = new GraphSession(graph);
        for (float[] given : new float[][] {{1, 2}, {-3, 1}, {4, 4}}) {
            assertEqualsHost(
                    graph, session, List.of("y"), Map.of("x", Nd4j.createFromArray(given)));
        }
    }

    @Test
    void aPlaceholderOfAnotherTypeIsCast() {
        SameDiff graph = decoderGradients();
        Map<String, INDArray> longs = new LinkedHashMap<>();
        batch(3, 4).forEach((name, array) -> longs.put(name, array.castTo(DataType.INT64)));
        assertEqualsHost(graph, new GraphSession(graph), gradients(graph), longs);
    }

    @Test
    void aMissingPlaceholderIsNamed() {
        SameDiff graph = decoderGradients();
        GraphSession session = new GraphSession(graph);
        session.pass(List.of("loss"), batch(3, 4));
        Map<String, INDArray> some = Map.of("labels", batch(3, 4).get("labels"));
        Exception thrown =
                assertThrows(
                        IllegalStateException.class, () -> session.pass(List.of("loss"), some));
        assertTrue(thrown.getMessage().contains(DecoderModel.INPUT_IDS), thrown.getMessage());
        assertEqualsHost(graph, session, List.of("loss"), batch(3, 4));
    }

    @Test
    void parametersAndPlaceholdersAreHandedOutAsTheyAre() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2);
        SDVariable w = graph.var("w", Nd4j.createFromArray(3f, 4f));
        x.mul(w).rename("y");
        GraphSession session = new GraphSession(graph);
        INDArray given = Nd4j.createFromArray(1f, 2f);
        assertEqualsHost(graph, session, List.of("x", "w", "y"), Map.of("x", given));
        assertEqualsHost(graph, session, List.of("w"), Map.of("x", given));
        w.getArr().assign(7);
        assertEqualsHost(graph, session, List.of("y"), Map.of("x", given));
        graph.setArrayForVariable("w", Nd4j.createFromArray(5f, 6f));
        assertEqualsHost(graph, session, List.of("y"), Map.of("x", given));
    }

    /** Adds 1 to what it reads, in its memory if it may. */
    private static final class Increment extends JavaOp {
        private final List<Boolean> taken = new ArrayList<>();

        Increment() {
            super("increment");
        }

        @Override
        boolean worksInPlace() {
            return true;
        }

        @Override
        List<long[]> shapes(List<INDArray> inputs) {
            return List.of(inputs.get(0).shape());
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the same memory is the point
        void compute(List<INDArray> inputs, List<INDArray> outputs) {
            taken.add(inputs.get(0) == outputs.get(0));
            inputs.get(0).addi(1, outputs.get(0));
        }
    }

    /** {@code y = tanh(x) + 1} in a Java op, {@code z = −tanh(x)}. */
    private static SameDiff withIncrement(Increment op) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1);
        SDVariable tanh = graph.math().tanh("tanh", x);
        tanh.add(5).rename("y").mul(2).rename("doubled");
        graph.math().neg("z", tanh);
        GradientOps ops = new GradientOps(graph);
        String maker = graph.getVariables().get("y").getOutputOfOp();
        ops.replace(graph.getOps().get(maker), op, List.of("tanh"), List.of("y"));
        return graph;
    }

    @Test
    void anOpInPlaceTakesMemoryThatNobodyReadsLater() {
        Increment op = new Increment();
        GraphSession session = new GraphSession(withIncrement(op));
        Map<String, INDArray> given = Map.of("x", Nd4j.createFromArray(0f, 1f));
        double tanh = Math.tanh(1);
        assertEquals(1 + tanh, session.pass(List.of("y"), given).get("y").getDouble(1), 1e-6);
        INDArray doubled = session.pass(List.of("doubled"), given).get("doubled");
        assertEquals(2 + 2 * tanh, doubled.getDouble(1), 1e-6);
        assertEquals(List.of(true, true), op.taken);
    }

    @Test
    void anOpInPlaceLeavesMemoryAloneThatIsReadLaterOrAskedFor() {
        Increment op = new Increment();
        GraphSession session = new GraphSession(withIncrement(op));
        Map<String, INDArray> given = Map.of("x", Nd4j.createFromArray(0f, 1f));
        double tanh = Math.tanh(1);
        Map<String, INDArray> both = session.pass(List.of("y", "z"), given);
        assertEquals(1 + tanh, both.get("y").getDouble(1), 1e-6);
        assertEquals(-tanh, both.get("z").getDouble(1), 1e-6);
        Map<String, INDArray> kept = session.pass(List.of("y", "tanh"), given);
        assertEquals(tanh, kept.get("tanh").getDouble(1), 1e-6);
        assertEquals(1 + tanh, kept.get("y").getDouble(1), 1e-6);
        assertNotSame(kept.get("y"), kept.get("tanh"));
        assertEquals(List.of(false, false), op.taken);
    }

    @Test
    void laterPassesMakeNoArraysButThoseHandedOut() {
        SameDiff graph = decoderGradients();
        GraphSession session = new GraphSession(graph);
        PassMemory memory = (PassMemory) session.getMmgr();
        List<String> names = gradients(graph);
        for (int i = 0; i < 3; i++) {
            session.pass(names, batch(3, 4)).values().forEach(INDArray::close);
        }
        long before = memory.made();
        for (int i = 0; i < 5; i++) {
            session.pass(names, batch(3, 4)).values().forEach(INDArray::close);
        }
        assertEquals(5L * names.size(), memory.made() - before);
    }

    /** {@code more} and {@code most} read both forms of the same values. */
    private static SameDiff reshaped() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 4);
        SDVariable doubled = x.mul(2).rename("doubled");
        SDVariable kept = graph.reshape(doubled, -1, 4).rename("same");
        graph.reshape(doubled, -1, 2).rename("pairs").add(2).rename("most");
        doubled.add(1).rename("more").add(kept).rename("sum");
        return graph;
    }

    @ParameterizedTest
    @CsvSource({"same, 1", "pairs, 2"})
    void aReshapeThatAloneIsAskedForIsCopiedIntoAnotherShapeOnly(String name, int arrays) {
        SameDiff graph = reshaped();
        GraphSession session = new GraphSession(graph);
        PassMemory memory = (PassMemory) session.getMmgr();
        Map<String, INDArray> given =
                Map.of("x", Nd4j.arange(8).castTo(DataType.FLOAT).reshape(2, 4));
        INDArray kept = session.pass(List.of(name), given).get(name);
        INDArray copy = kept.dup();
        assertEquals(arrays, memory.made());
        assertEqualsHost(graph, session, List.of("sum", "most"), given);
        assertEquals(copy, kept);
        kept.close();
        assertTrue(kept.wasClosed());
        for (List<String> names :
                List.of(List.of(name), List.of("same", "pairs"), List.of(name, "sum", "most"))) {
            assertEqualsHost(graph, session, names, given);
            session.pass(names, given).values().forEach(session::release);
            long before = memory.made();
            session.pass(names, given).values().forEach(session::release);
            assertEquals(before, memory.made());
        }
    }
}
