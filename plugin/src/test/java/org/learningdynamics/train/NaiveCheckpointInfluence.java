package org.learningdynamics.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.EncodedProbes;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The formula as it is written: SameDiff's own gradient of one example's loss at a time. */
final class NaiveCheckpointInfluence {
    private final TrainingData data;
    private final TrainingOptions options;
    private final SameDiff referenceGraph;
    private final String referenceScores;

    NaiveCheckpointInfluence(TrainingData data, TrainingOptions options, DecoderModel reference) {
        this.data = data;
        this.options = options;
        referenceGraph = reference.newGraph();
        referenceScores = TrainingGraph.responses(referenceGraph, reference).logProbs().name();
    }

    /** One number a pair, and the product of norms that errors are measured by. */
    record Sums(Map<String, Double> totals, Map<String, Double> sizes, Map<Long, Double> self) {}

    static String key(long example, int probe, String kind) {
        return example + " " + probe + " " + kind;
    }

    Sums over(List<Checkpoint> checkpoints, boolean cosine) {
        Sums sums = new Sums(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (Checkpoint checkpoint : checkpoints) {
            try (DecoderModel model = DecoderModel.load(checkpoint.file())) {
                add(model, checkpoint.learningRate(), cosine, sums);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sums;
    }

    private void add(DecoderModel model, double rate, boolean cosine, Sums sums) {
        Map<EncodedProbeRow, double[]> observed = new LinkedHashMap<>();
        SameDiff probed = model.newGraph();
        TrainingGraph.responses(probed, model).logProbs().sum().rename("sum");
        probed.setLossVariables("sum");
        for (EncodedProbeRow row : EncodedProbes.encode(TinyTask.probes(), data.encoder())) {
            observed.put(row, gradient(probed, arrays(List.of(row.encoded()))));
        }
        SameDiff trained = TrainingGraph.of(model, options).graph();
        trained.setLossVariables(trained.getLossVariables().toArray(String[]::new)); // anew
        for (TrainingItem item : data.items()) {
            double[] own = ofExample(trained, item);
            sums.self().merge(item.example(), rate * dot(own, own), Double::sum);
            observed.forEach(
                    (row, gradient) -> {
                        String key = key(item.example(), row.probe(), row.kind());
                        double norms = Math.sqrt(dot(own, own) * dot(gradient, gradient));
                        double product = dot(own, gradient) / (cosine ? norms : 1);
                        sums.totals().merge(key, -rate * product, Double::sum);
                        sums.sizes().merge(key, rate * (cosine ? 1 : norms), Double::sum);
                    });
        }
    }

    private double[] ofExample(SameDiff trained, TrainingItem item) {
        Map<String, INDArray> arrays = arrays(item.responses());
        if (options.loss().needsReference()) {
            arrays.put(
                    TrainingGraph.REFERENCE, referenceGraph.outputSingle(arrays, referenceScores));
        }
        return gradient(trained, arrays);
    }

    private Map<String, INDArray> arrays(List<EncodedResponse> rows) {
        TokenBatch tokens = TokenBatch.of(rows, data.tokenizer().paddingId());
        Map<String, INDArray> arrays = new HashMap<>();
        arrays.put(DecoderModel.INPUT_IDS, Nd4j.createFromArray(tokens.inputIds()));
        arrays.put(TrainingGraph.LABELS, Nd4j.createFromArray(tokens.labels()));
        return arrays;
    }

    /** All parameters' gradients in one row, in the order of their names. */
    private double[] gradient(SameDiff graph, Map<String, INDArray> arrays) {
        List<String> names =
                graph.variables().stream()
                        .filter(v -> v.getVariableType() == VariableType.VARIABLE)
                        .map(SDVariable::name)
                        .sorted()
                        .toList();
        Map<String, INDArray> found =
                graph.calculateGradients(arrays, names.toArray(String[]::new));
        List<INDArray> parts = new ArrayList<>();
        for (String name : names) {
            INDArray part = Objects.requireNonNull(found.get(name), name);
            parts.add(part.castTo(DataType.DOUBLE).reshape(-1));
        }
        return Nd4j.concat(0, parts.toArray(INDArray[]::new)).toDoubleVector();
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
