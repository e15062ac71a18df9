package org.learningdynamics.it.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The products of {@link FactoredProducts} from one backward pass an example. The gradients of all
 * rows are kept if they fit into the memory that is given; else those of the learnt rows, and of as
 * many probe rows at a time as fit.
 */
final class PerExampleProducts {
    private final FactoredProducts factored;
    private final int probes;
    private final int batch;
    private final int chunk; // probe rows that are kept at a time
    private final SameDiff summed;
    private final InferenceSession gradients;
    private final Map<String, INDArray> kept = new LinkedHashMap<>(); // [chunk + batch, size]

    PerExampleProducts(FactoredProducts factored, long memoryBytes) {
        this.factored = factored;
        probes = factored.size().probes();
        batch = factored.size().batch();
        chunk = (int) Math.max(1, Math.min(probes, memoryBytes / rowBytes() - batch));
        summed = DecoderPasses.summed(factored.model());
        gradients = new InferenceSession(summed.getFunction("grad"));
    }

    /** Bytes of one row's gradient. */
    private long rowBytes() {
        return Float.BYTES * factored.parameters().stream().mapToLong(p -> p.size()).sum();
    }

    /** Every gradient, then one matrix product a parameter and chunk // [probes][batch]. */
    double[][] run() {
        for (int i = 0; i < batch; i++) {
            keep(probes + i, chunk + i);
        }
        double[][] total = new double[probes][batch];
        for (int from = 0; from < probes; from += chunk) {
            int to = Math.min(probes, from + chunk);
            for (int row = from; row < to; row++) {
                keep(row, row - from);
            }
            kept.forEach(new Products(total, from, to)::add);
        }
        return total;
    }

    /** Adds one parameter's products with a chunk of probe rows. */
    private final class Products {
        private final double[][] total;
        private final int from;
        private final int to;

        Products(double[][] total, int from, int to) {
            this.total = total;
            this.from = from;
            this.to = to;
        }

        void add(String parameter, INDArray rows) {
            INDArray scales = factored.preconditioner(parameter);
            INDArray learnt =
                    rows.get(NDArrayIndex.interval(chunk, chunk + batch), NDArrayIndex.all());
            INDArray observed = rows.get(NDArrayIndex.interval(0, to - from), NDArrayIndex.all());
            try (INDArray moved = learnt.mulRowVector(scales.reshape('c', 1, scales.length()));
                    INDArray products = observed.mmul(moved.transpose())) {
                for (int o = from; o < to; o++) {
                    for (int i = 0; i < batch; i++) {
                        total[o][i] -= products.getDouble(o - from, i);
                    }
                }
            }
        }
    }

    private void keep(int row, int place) {
        try (INDArray input = Nd4j.createFromArray(new int[][] {factored.ids(row)});
                INDArray targets = Nd4j.createFromArray(new int[][] {factored.labels(row)})) {
            Map<String, INDArray> given = Map.of(DecoderModel.INPUT_IDS, input, "labels", targets);
            Map<String, INDArray> found =
                    gradients.output(
                            DecoderPasses.gradientNames(summed),
                            given,
                            null,
                            Set.of(),
                            List.of(),
                            At.defaultAt(Operation.INFERENCE));
            for (String name : DecoderPasses.parameters(summed)) {
                String of = summed.getGradForVariable(name).name();
                INDArray gradient = Objects.requireNonNull(found.get(of), of);
                INDArray rows =
                        kept.computeIfAbsent(
                                name,
                                n -> Nd4j.create(DataType.FLOAT, chunk + batch, gradient.length()));
                rows.getRow(place).assign(gradient.reshape(gradient.length()));
                gradient.close();
            }
        }
    }

    /** How far the two ways are apart, by the product of the norms. */
    double difference() {
        double[][] expected = run();
        double worst = 0;
        for (int o = 0; o < probes; o++) {
            for (int i = 0; i < batch; i++) {
                double apart = Math.abs(expected[o][i] - factored.pairs()[o][i]);
                double[] norms = factored.norms();
                worst = Math.max(worst, apart / (norms[o] * norms[probes + i]));
            }
        }
        return worst;
    }

    /** What is kept here. */
    long heldBytes() {
        return kept.values().stream().mapToLong(rows -> rows.length() * Float.BYTES).sum();
    }

    /** What it takes to keep the gradients of all rows. */
    long allBytes() {
        return rowBytes() * (probes + batch);
    }
}
