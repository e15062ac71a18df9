package org.learningdynamics.it.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The products of {@link FactoredProducts} from one backward pass an example: between probe rows
 * and learnt rows, among learnt rows, of probe rows and the update, and all norms. The gradients of
 * all rows are kept if they fit into the memory that is given; else those of the learnt rows, and
 * of as many probe rows at a time as fit.
 */
final class PerExampleProducts {
    private static final int DIRECTIONS = 2; // the step, and the batch's part of it

    private final FactoredProducts factored;
    private final int probes;
    private final int batch;
    private final int chunk; // probe rows that are kept at a time
    private final SameDiff summed;
    private final InferenceSession gradients;
    private final Map<String, INDArray> kept = new LinkedHashMap<>(); // [chunk + batch, size]
    private double[] squares = new double[0]; // of probe rows, then of learnt rows
    private double[][] gram = new double[0][]; // [batch][batch]

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

    /**
     * Every gradient, then one matrix product a parameter and chunk // [probes][batch +
     * directions].
     */
    double[][] run() {
        squares = new double[probes + batch];
        gram = new double[batch][batch];
        for (int i = 0; i < batch; i++) {
            keep(probes + i, chunk + i);
        }
        double[][] total = new double[probes][batch + DIRECTIONS];
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
            try (INDArray moved = moved(factored.update(parameter), learnt(rows))) {
                INDArray observed = rows(rows, 0, to - from);
                add(observed, moved, Arrays.copyOfRange(total, from, to));
                addSquares(observed, from);
                if (from == 0) {
                    add(learnt(rows), rows(moved, 0, batch), gram);
                    addSquares(learnt(rows), probes);
                }
            }
        }

        /** Preconditioned learnt rows, then the directions // [batch + directions, size]. */
        private INDArray moved(ParameterUpdate update, INDArray learnt) {
            long size = learnt.size(1);
            INDArray moved = Nd4j.createUninitialized(DataType.FLOAT, batch + DIRECTIONS, size);
            INDArray scales = flat(update.preconditioner().orElseThrow());
            Nd4j.exec(new MulOp(learnt, scales, rows(moved, 0, batch)));
            moved.getRow(batch).assign(flat(update.step()).reshape(size));
            Nd4j.exec(
                    new MulOp(flat(update.gradient()), scales, rows(moved, batch + 1, batch + 2)));
            return moved;
        }

        private static INDArray flat(INDArray array) {
            return array.reshape('c', 1, array.length());
        }

        private INDArray learnt(INDArray rows) {
            return rows(rows, chunk, chunk + batch);
        }

        private static INDArray rows(INDArray all, int first, int end) {
            return all.get(NDArrayIndex.interval(first, end), NDArrayIndex.all());
        }

        private static void add(INDArray left, INDArray right, double[][] sums) {
            try (INDArray products = left.mmul(right.transpose())) {
                float[][] values = products.toFloatMatrix();
                for (int row = 0; row < values.length; row++) {
                    for (int i = 0; i < values[row].length; i++) {
                        sums[row][i] -= values[row][i];
                    }
                }
            }
        }

        private void addSquares(INDArray rows, int first) {
            for (int row = 0; row < rows.size(0); row++) {
                INDArray one = rows.getRow(row);
                squares[first + row] += Nd4j.getBlasWrapper().dot(one, one);
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

    /** How far products are apart at most, by the product of the norms. */
    double difference() {
        double[][] expected = run();
        double[] norms = factored.norms();
        double[] directions = directionNorms();
        double worst = 0;
        for (int o = 0; o < probes; o++) {
            for (int i = 0; i < batch; i++) {
                double apart = Math.abs(expected[o][i] - factored.pairs()[o][i]);
                worst = Math.max(worst, apart / (norms[o] * norms[probes + i]));
            }
            for (int i = 0; i < DIRECTIONS; i++) {
                double apart = Math.abs(expected[o][batch + i] + factored.directions()[o][i]);
                worst = Math.max(worst, apart / (norms[o] * directions[i]));
            }
        }
        for (int i = 0; i < batch; i++) {
            for (int j = 0; j < batch; j++) {
                double apart = Math.abs(gram[i][j] + factored.gram()[i][j]);
                worst = Math.max(worst, apart / (norms[probes + i] * norms[probes + j]));
            }
        }
        return worst;
    }

    private double[] directionNorms() {
        double[] squares = new double[DIRECTIONS];
        for (String name : kept.keySet()) {
            ParameterUpdate update = factored.update(name);
            squares[0] += Math.pow(update.step().norm2Number().doubleValue(), 2);
            try (INDArray moved = update.gradient().mul(update.preconditioner().orElseThrow())) {
                squares[1] += Math.pow(moved.norm2Number().doubleValue(), 2);
            }
        }
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    /** How far the norms of the last run are apart, by the norm. */
    double normDifference() {
        double worst = 0;
        for (int row = 0; row < squares.length; row++) {
            worst = Math.max(worst, Math.abs(Math.sqrt(squares[row]) / factored.norms()[row] - 1));
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
