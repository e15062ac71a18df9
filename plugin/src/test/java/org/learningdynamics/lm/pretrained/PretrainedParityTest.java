package org.learningdynamics.lm.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsFolder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Logits and gradients of every family against PyTorch's in double precision. Differences are
 * relative to the largest magnitude of the tensor.
 */
class PretrainedParityTest {
    static final List<String> CHECKPOINTS = Checkpoints.NAMES;

    private static final String LOSS = "loss";

    @ParameterizedTest
    @FieldSource("CHECKPOINTS")
    void agreesInSinglePrecision(String name) throws IOException {
        assertAgrees(name, DataType.FLOAT, 1e-5, 1e-5);
    }

    @ParameterizedTest
    @FieldSource("CHECKPOINTS")
    void agreesInDoublePrecision(String name) throws IOException {
        assertAgrees(name, DataType.DOUBLE, 1e-13, 1e-13);
    }

    private static void assertAgrees(
            String name, DataType type, double logitTolerance, double gradientTolerance)
            throws IOException {
        Path folder = Checkpoints.folder(name);
        try (DecoderModel model = PretrainedModel.load(folder, type);
                Safetensors golden = Safetensors.open(folder.resolve("golden.safetensors"))) {
            int[][] ids = new Gson().fromJson(golden.metadata().get("ids"), int[][].class);
            INDArray expected = golden.read("logits", DataType.DOUBLE);
            assertClose(expected, model.logits(ids), logitTolerance, name + " logits");
            assertGradientsAgree(folder, model, ids, golden, gradientTolerance);
        }
    }

    private static void assertGradientsAgree(
            Path folder, DecoderModel model, int[][] ids, Safetensors golden, double tolerance)
            throws IOException {
        Map<String, INDArray> gradients = gradients(model, ids, golden, tolerance);
        Set<String> compared = new HashSet<>();
        for (TensorView view : views(folder)) {
            String tensor = "gradient/" + view.tensor();
            INDArray ours = view.of(gradients.get(view.parameter())).dup('c');
            assertClose(
                    golden.read(tensor, DataType.DOUBLE),
                    ours.reshape(view.dimensions()),
                    tolerance,
                    tensor);
            compared.add(tensor);
        }
        compared.addAll(Set.of("logits", LOSS));
        assertEquals(golden.tensors().keySet(), compared);
    }

    private static List<TensorView> views(Path folder) throws IOException {
        try (SafetensorsFolder store = SafetensorsFolder.open(folder)) {
            return PretrainedConfig.read(folder).views(store.tensors().keySet());
        }
    }

    /** Of the mean over all tokens but each row's first of −log p(token | those before it). */
    private static Map<String, INDArray> gradients(
            DecoderModel model, int[][] ids, Safetensors golden, double tolerance)
            throws IOException {
        SameDiff graph = model.newGraph();
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        SDVariable coefficients = graph.constant(coefficients(model, ids));
        SDVariable loss = graph.nn().logSoftmax(logits).mul(coefficients).sum().rename(LOSS);
        loss.markAsLoss();
        Map<String, INDArray> inputs = Map.of(DecoderModel.INPUT_IDS, Nd4j.createFromArray(ids));
        INDArray value = graph.output(inputs, LOSS).get(LOSS);
        assertEquals(
                golden.read(LOSS, DataType.DOUBLE).getDouble(0), value.getDouble(0), tolerance);
        return graph.calculateGradients(inputs, model.parameters().keySet());
    }

    /** −1/n where a row's next token is, 0 elsewhere // [B·T, V]. */
    private static INDArray coefficients(DecoderModel model, int[][] ids) {
        int length = ids[0].length;
        INDArray coefficients =
                Nd4j.zeros(
                        model.config().dataType(),
                        (long) ids.length * length,
                        model.config().vocabularySize());
        for (int i = 0; i < ids.length; i++) {
            for (int t = 0; t + 1 < length; t++) {
                double weight = -1.0 / (ids.length * (length - 1));
                coefficients.putScalar(i * length + t, ids[i][t + 1], weight);
            }
        }
        return coefficients;
    }

    private static void assertClose(
            INDArray expected, INDArray actual, double tolerance, String what) {
        assertArrayEquals(expected.shape(), actual.shape(), what);
        double scale = expected.amaxNumber().doubleValue();
        double error =
                expected.sub(actual.castTo(DataType.DOUBLE)).amaxNumber().doubleValue() / scale;
        assertTrue(error <= tolerance, () -> what + " differ by " + error);
    }
}
