package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.OuterProducts;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.model.GraphSession;
import org.learningdynamics.model.LeanGradients;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.model.SameDiffGradients;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Factored gradients of our language model's rows against SameDiff's own, row by row. */
class DecoderGradientsTest {
    private static final int ROWS = 4;
    private static final int LENGTH = 7;
    private static final int VOCABULARY = 23;

    @ParameterizedTest
    @CsvSource({"DOUBLE, TIED, 1e-10", "DOUBLE, UNTIED, 1e-10", "FLOAT, TIED, 1e-5"})
    void rowGradientsEqualThoseOfSingleRows(DataType type, HeadKind head, double tolerance) {
        check(DecoderModel.create(config(type, head)), tolerance);
    }

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void rowGradientsOfEveryFamilyEqualThoseOfSingleRows(String family) {
        DecoderConfig config = SmallModels.families().get(family).build();
        DecoderModel model = SmallModels.model(config);
        check(model, 1e-10);
        check(SmallModels.adapted(model), 1e-10);
    }

    /** In float32 the passes run ops of our own. */
    @ParameterizedTest
    @MethodSource("families")
    void rowGradientsOfEveryFamilyEqualThoseOfSingleRowsInFloat32(String family) {
        DecoderConfig.Builder config = SmallModels.families().get(family);
        check(SmallModels.model(config.dataType(DataType.FLOAT).build()), 2e-5);
    }

    @ParameterizedTest
    @MethodSource("families")
    void unlabelledPositionsEndInTheLastBlocksAttentionInEveryFamily(String family) {
        DecoderModel model = SmallModels.model(SmallModels.families().get(family).build());
        int last = model.config().layers() - 1;
        int[][] ids = ids(ROWS, LENGTH, model.config().vocabularySize());
        int[][] labels = labels(ids, 3);
        try (SameDiffGradients view = view(model);
                INDArray input = Nd4j.createFromArray(ids);
                RowPass pass = view.observe(ModelInput.of(input), labels)) {
            int read = LENGTH - 1 - 3;
            assertEquals((long) ROWS * read, pass.logits().size(0));
            assertEquals(read, positions(pass, feedForward(last, DecoderParameters.WIDEN)), family);
            assertEquals(
                    read, positions(pass, feedForward(last, DecoderParameters.NARROW)), family);
            assertEquals(
                    read,
                    positions(pass, DecoderParameters.attention(last, DecoderParameters.OUTPUT)),
                    family);
            assertEquals(
                    LENGTH,
                    positions(pass, feedForward(last - 1, DecoderParameters.NARROW)),
                    family);
        }
    }

    private static String feedForward(int block, String what) {
        return DecoderParameters.feedForward(block, what);
    }

    private static long positions(RowPass pass, String parameter) {
        return pass.gradients().parameters().stream()
                .filter(gradient -> gradient.parameter().name().equals(parameter))
                .map(gradient -> (OuterProducts) gradient.factors().get(0))
                .findFirst()
                .orElseThrow()
                .inputs()
                .size(1);
    }

    /** What training runs. */
    @ParameterizedTest
    @MethodSource("families")
    void fusedGradientsOfEveryFamilyEqualSameDiffsInFloat32(String family) {
        DecoderConfig.Builder config = SmallModels.families().get(family);
        DecoderModel model = SmallModels.model(config.dataType(DataType.FLOAT).build());
        int[][] ids = ids(ROWS, LENGTH, model.config().vocabularySize());
        int[][] labels = labels(ids, 3);
        Map<String, INDArray> placeholders =
                Map.of(
                        DecoderModel.INPUT_IDS,
                        Nd4j.createFromArray(ids),
                        "labels",
                        Nd4j.createFromArray(labels));
        SameDiff plain = learning(model);
        List<String> names = parameters(plain);
        Map<String, INDArray> expected =
                plain.calculateGradients(placeholders, names.toArray(String[]::new));
        SameDiff lean = learning(model);
        LeanGradients.fuse(lean);
        SameDiff gradients = lean.getFunction("grad");
        Map<String, String> gradientOf = new HashMap<>();
        names.forEach(n -> gradientOf.put(n, gradients.getVariable(n).getGradient().name()));
        Map<String, INDArray> found =
                new GraphSession(gradients)
                        .output(
                                List.copyOf(gradientOf.values()),
                                placeholders,
                                null,
                                Set.of(),
                                List.of(),
                                At.defaultAt(Operation.INFERENCE));
        for (String name : names) {
            INDArray wanted = expected.get(name);
            double error =
                    wanted.distance2(found.get(gradientOf.get(name)))
                            / wanted.norm2Number().doubleValue();
            assertTrue(error <= 2e-5, name + ": " + error);
        }
    }

    private static List<String> parameters(SameDiff graph) {
        return graph.variables().stream()
                .filter(v -> v.getVariableType() == VariableType.VARIABLE)
                .map(SDVariable::name)
                .toList();
    }

    private static void check(DecoderModel model, double tolerance) {
        int vocabulary = model.config().vocabularySize();
        int[][] ids = ids(ROWS, LENGTH, vocabulary);
        int[][] labels = labels(ids, 3);
        try (SameDiffGradients view = view(model);
                INDArray input = Nd4j.createFromArray(ids);
                RowPass pass = view.observe(ModelInput.of(input), labels)) {
            assertEquals(List.of(), view.fallbacks());
            for (int row = 0; row < ROWS; row++) {
                Map<String, INDArray> expected = single(model, ids[row], labels[row]);
                assertEquals(expected.keySet().size(), pass.gradients().parameters().size());
                for (FactoredGradient gradient : pass.gradients().parameters()) {
                    String name = gradient.parameter().name();
                    INDArray alone = Objects.requireNonNull(expected.get(name));
                    INDArray all = gradient.explicit(0, gradient.parameter().columns());
                    INDArray own =
                            all.get(
                                    NDArrayIndex.point(row),
                                    NDArrayIndex.all(),
                                    NDArrayIndex.all());
                    double error = own.distance2(alone) / alone.norm2Number().doubleValue();
                    assertTrue(error <= tolerance, name + " of row " + row + ": " + error);
                }
            }
        }
    }

    @Test
    void seedOfResidualsGivesTheGradientOfTheLogProbability() {
        DecoderModel model = DecoderModel.create(config(DataType.DOUBLE, HeadKind.TIED));
        int[][] ids = ids(ROWS, LENGTH, VOCABULARY);
        int[][] labels = labels(ids, 2);
        try (SameDiffGradients view = view(model);
                INDArray input = Nd4j.createFromArray(ids);
                RowPass byLabels = view.observe(ModelInput.of(input), labels)) {
            INDArray missing = Nd4j.nn().softmax(byLabels.logits(), 1).negi();
            INDArray seed = Nd4j.zeros(DataType.DOUBLE, ROWS * LENGTH, VOCABULARY);
            int[][] kept = byLabels.positions().orElseThrow().kept();
            for (int i = 0; i < missing.size(0); i++) {
                int row = i / kept[0].length;
                int position = kept[row][i % kept[0].length];
                int label = labels[row][position];
                if (label >= 0) {
                    INDArray target = seed.getRow(row * LENGTH + position);
                    target.assign(missing.getRow(i));
                    target.putScalar(label, target.getDouble(label) + 1);
                }
            }
            try (RowPass bySeed = view.observe(ModelInput.of(input), seed)) {
                assertEquals(byLabels.positions(), bySeed.positions());
                for (int p = 0; p < bySeed.gradients().parameters().size(); p++) {
                    FactoredGradient a = byLabels.gradients().parameters().get(p);
                    FactoredGradient b = bySeed.gradients().parameters().get(p);
                    long columns = a.parameter().columns();
                    double error = a.explicit(0, columns).distance2(b.explicit(0, columns));
                    assertTrue(error < 1e-12, a.parameter().name() + ": " + error);
                }
            }
        }
    }

    static DecoderConfig config(DataType type, HeadKind head) {
        return DecoderConfig.builder(VOCABULARY)
                .width(8)
                .layers(2)
                .heads(2)
                .maxLength(16)
                .head(head)
                .dataType(type)
                .build();
    }

    private static SameDiffGradients view(DecoderModel model) {
        SameDiff graph = model.newGraph();
        SameDiffGradients view =
                SameDiffGradients.of(
                        graph, List.of(DecoderModel.INPUT_IDS), DecoderModel.LOGITS_2D);
        Map<String, INDArray> parameters = new HashMap<>();
        view.parameters().forEach(p -> parameters.put(p.name(), graph.getArrForVarName(p.name())));
        view.load(parameters);
        return view;
    }

    private static int[][] ids(int rows, int length, int vocabulary) {
        Random random = new Random(5);
        int[][] ids = new int[rows][length];
        for (int[] row : ids) {
            for (int t = 0; t < length; t++) {
                row[t] = random.nextInt(vocabulary);
            }
        }
        return ids;
    }

    /** The next token from the given position on. */
    private static int[][] labels(int[][] ids, int from) {
        int[][] labels = new int[ids.length][ids[0].length];
        for (int n = 0; n < ids.length; n++) {
            for (int t = 0; t < labels[n].length; t++) {
                boolean read = t >= from + n % 2 && t + 1 < labels[n].length;
                labels[n][t] = read ? ids[n][t + 1] : -100;
            }
        }
        return labels;
    }

    /** Gradients of the row's log-probability by the loss package's own definition. */
    private static Map<String, INDArray> single(DecoderModel model, int[] ids, int[] labels) {
        SameDiff graph = learning(model);
        Map<String, INDArray> placeholders = new HashMap<>();
        placeholders.put(DecoderModel.INPUT_IDS, Nd4j.createFromArray(new int[][] {ids}));
        placeholders.put("labels", Nd4j.createFromArray(new int[][] {labels}));
        return graph.calculateGradients(placeholders, parameters(graph).toArray(String[]::new));
    }

    /** The log-probability of all labels as the loss. */
    private static SameDiff learning(DecoderModel model) {
        SameDiff graph = model.newGraph();
        SDVariable placeholder = graph.placeHolder("labels", DataType.INT32, -1, -1);
        ResponseLogProbs responses =
                ResponseLogProbs.define(
                        graph,
                        graph.getVariable(DecoderModel.LOGITS_2D),
                        placeholder,
                        model.config().vocabularySize());
        responses.logProbs().sum().rename("sum");
        graph.setLossVariables("sum");
        return graph;
    }
}
