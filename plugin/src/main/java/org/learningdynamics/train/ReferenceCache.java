package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Log-probabilities under a reference model, kept in a file between runs: tensor {@code log_probs}
 * // [examples, responses], in the order in which the first epoch comes to them. The metadata name
 * what they were computed from; a file that was written for anything else is refused.
 */
record ReferenceCache(Path file) {
    private static final String LOG_PROBS = "log_probs";

    /** Raised whenever what is computed from the same inputs changes. */
    private static final String COMPUTATION = "3";

    /** Reads the values, or computes and writes them if there is no such file. */
    ReferenceLogProbs of(DecoderModel reference, BatchPlan plan, TrainingData data) {
        Map<String, String> origin = origin(reference, plan, data);
        List<TrainingItem> order =
                plan.wholeEpoch(0).stream().<TrainingItem>mapMulti(List::forEach).toList();
        if (Files.exists(file)) {
            return read(origin, order);
        }
        ReferenceLogProbs computed = ReferenceLogProbs.of(reference, plan, plan.wholeEpoch(0));
        write(origin, order, computed);
        return computed;
    }

    private static Map<String, String> origin(
            DecoderModel reference, BatchPlan plan, TrainingData data) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("computation", COMPUTATION);
        all.put("data_sha256", data.digest());
        all.put("tokenizer_sha256", data.tokenizer().digest());
        all.put("tokens_sha256", data.tokensDigest());
        all.put("reference_sha256", ParameterDigest.of(reference));
        plan.describe(all);
        return all;
    }

    private ReferenceLogProbs read(Map<String, String> origin, List<TrainingItem> order) {
        try (Safetensors content = Safetensors.open(file)) {
            requireSame(origin, content.metadata());
            try (INDArray values = content.read(LOG_PROBS, DataType.DOUBLE)) {
                return ReferenceLogProbs.of(order, values.toDoubleMatrix());
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void requireSame(Map<String, String> now, Map<String, String> then) {
        now.forEach(
                (name, value) -> {
                    String stored = then.getOrDefault(name, "(none)");
                    if (!stored.equals(value)) {
                        throw new IllegalArgumentException(
                                "reference cache "
                                        + file
                                        + " is stale: its "
                                        + name
                                        + " is "
                                        + stored
                                        + ", the run's "
                                        + value
                                        + "; delete it to compute it anew");
                    }
                });
    }

    private void write(
            Map<String, String> origin, List<TrainingItem> order, ReferenceLogProbs computed) {
        SafetensorsWriter writer = new SafetensorsWriter();
        origin.forEach(writer::metadata);
        try (INDArray values = Nd4j.createFromArray(computed.values(order))) {
            writer.tensor(LOG_PROBS, TensorType.F64, values).write(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
