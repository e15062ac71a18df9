package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.learningdynamics.influence.CrossedDraws;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.KernelBlock;
import org.learningdynamics.recording.KernelRow;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures the kernel between probe rows and learnt rows at one recording, on the probe thread.
 *
 * <p>Each gradient of a weighted sum of logits is one pass over many rows; all products of an
 * observed and a learnt direction follow from the factors.
 */
final class KernelMeasurement {
    private final long step;
    private final KernelOptions options;
    private final GradientView view;
    private final LearntSide learnt;
    private final long memoryBytes;
    private final List<KernelRow> rows = new ArrayList<>();
    private final List<KernelBlock> blocks = new ArrayList<>();

    /**
     * What was learnt.
     *
     * @param input the batch
     * @param signs its positions with a residual
     * @param rows number of rows
     * @param type of the logits
     */
    record LearntSide(ModelInput input, LogitSigns signs, int rows, DataType type) {}

    KernelMeasurement(
            long step,
            KernelOptions options,
            GradientView view,
            LearntSide learnt,
            long memoryBytes) {
        this.step = step;
        this.options = options;
        this.view = view;
        this.learnt = learnt;
        this.memoryBytes = memoryBytes;
    }

    List<KernelRow> rows() {
        return rows;
    }

    List<KernelBlock> blocks() {
        return blocks;
    }

    /** Whether whole blocks are affordable: few classes, and one position a row. */
    private boolean isExact(LogitSigns observed, int observedRows) {
        return learnt.signs().classes() <= KernelOptions.MAX_EXACT_CLASSES
                && isSingle(observed.counts(observedRows))
                && isSingle(learnt.signs().counts(learnt.rows()));
    }

    private static boolean isSingle(int[] counts) {
        return Arrays.stream(counts).allMatch(count -> count <= 1);
    }

    void measure(ObservedRows some, int[][] labels) {
        LogitSigns observed = LogitSigns.ofLabels(labels, learnt.signs().classes());
        if (isExact(observed, labels.length)) {
            exact(some, observed);
        } else {
            estimate(some, observed);
        }
    }

    private void exact(ObservedRows some, LogitSigns observed) {
        int classes = observed.classes();
        double[][][][] kernel =
                products(
                        some.input(),
                        classes,
                        (v, side) -> side ? observed.of(v, type()) : learnt.signs().of(v, type()));
        for (int row = 0; row < some.reading().names().size(); row++) {
            for (int i = 0; i < learnt.rows(); i++) {
                double[][] block = new double[classes][classes];
                double trace = 0;
                double squares = 0;
                for (int v = 0; v < classes; v++) {
                    for (int w = 0; w < classes; w++) {
                        block[v][w] = kernel[v][w][row][i];
                        squares += block[v][w] * block[v][w];
                    }
                    trace += block[v][v];
                }
                ProbeBatch.RowName name = some.reading().names().get(row);
                blocks.add(
                        new KernelBlock(step, name.probe(), i, FloatMatrix.ofRows(classes, block)));
                add("trace", name, i, new CrossedDraws(trace, 0));
                add("frobenius", name, i, new CrossedDraws(Math.sqrt(squares), 0));
            }
        }
    }

    private void estimate(ObservedRows some, LogitSigns observed) {
        int draws = options.draws();
        double[][][] same =
                diagonal(
                        some.input(),
                        draws,
                        (k, side) ->
                                (side ? observed : learnt.signs()).shared(seed(2L * k), type()));
        double[][][][] crossed =
                products(
                        some.input(),
                        draws,
                        (k, side) ->
                                (side ? observed : learnt.signs())
                                        .independent(
                                                seed(2L * draws + 2L * k + (side ? 0 : 1)),
                                                type()));
        int[] observedCounts = observed.counts(some.reading().names().size());
        int[] learntCounts = learnt.signs().counts(learnt.rows());
        for (int row = 0; row < some.reading().names().size(); row++) {
            for (int i = 0; i < learnt.rows(); i++) {
                double pairs = (double) observedCounts[row] * learntCounts[i];
                if (pairs > 0) {
                    ProbeBatch.RowName name = some.reading().names().get(row);
                    add("trace", name, i, trace(same, row, i).dividedBy(pairs));
                    add("frobenius", name, i, frobenius(crossed, row, i, pairs));
                }
            }
        }
    }

    private static CrossedDraws trace(double[][][] products, int row, int i) {
        double[][] values = new double[products.length][1];
        for (int k = 0; k < values.length; k++) {
            values[k][0] = products[k][row][i];
        }
        return CrossedDraws.of(values);
    }

    private static CrossedDraws frobenius(double[][][][] products, int row, int i, double pairs) {
        double[][] values = new double[products.length][products.length];
        for (int k = 0; k < values.length; k++) {
            for (int l = 0; l < values.length; l++) {
                values[k][l] = products[k][l][row][i] * products[k][l][row][i];
            }
        }
        return CrossedDraws.of(values).dividedBy(pairs).root();
    }

    /**
     * Products of every observed with every learnt direction; the learnt side of all directions is
     * held meanwhile.
     *
     * @param weights of the logits for a direction, observed side or not
     * @return // [observed direction][learnt direction][observed row][learnt row]
     */
    private double[][][][] products(
            ModelInput probes, int directions, BiFunction<Integer, Boolean, INDArray> weights) {
        double[][][][] all = new double[directions][directions][][];
        List<GradientInteractions> sides = new ArrayList<>();
        try {
            for (int l = 0; l < directions; l++) {
                sides.add(side(weights.apply(l, false), directions));
            }
            for (int k = 0; k < directions; k++) {
                try (INDArray observed = weights.apply(k, true);
                        RowPass seen = view.observe(probes, observed)) {
                    for (int l = 0; l < directions; l++) {
                        all[k][l] = sides.get(l).with(seen.gradients()).total();
                    }
                }
            }
        } finally {
            sides.forEach(GradientInteractions::close);
        }
        return all;
    }

    /** Products of each observed with its own learnt direction // [direction][observed][learnt]. */
    private double[][][] diagonal(
            ModelInput probes, int directions, BiFunction<Integer, Boolean, INDArray> weights) {
        double[][][] all = new double[directions][][];
        for (int k = 0; k < directions; k++) {
            try (GradientInteractions side = side(weights.apply(k, false), 1);
                    INDArray observed = weights.apply(k, true);
                    RowPass seen = view.observe(probes, observed)) {
                all[k] = side.with(seen.gradients()).total();
            }
        }
        return all;
    }

    private GradientInteractions side(INDArray weights, int sharedBy) {
        try (weights) {
            RowPass pass = view.observe(learnt.input(), weights);
            pass.logits().close();
            long memory = Math.max(1 << 20, memoryBytes / sharedBy);
            return new GradientInteractions(
                    pass.gradients(), 1, Map.of(), InfluenceForm.DOT, memory);
        }
    }

    private long seed(long number) {
        return options.seed() * 1_000_003L + step * 7919L + number;
    }

    private DataType type() {
        return learnt.type();
    }

    private void add(String name, ProbeBatch.RowName row, int position, CrossedDraws value) {
        boolean sure =
                value.standardError() <= KernelOptions.MAX_RELATIVE_ERROR * Math.abs(value.mean());
        if (sure) {
            rows.add(
                    new KernelRow(
                            step,
                            name,
                            row.probe(),
                            row.kind(),
                            position,
                            value.mean(),
                            value.standardError()));
        }
    }
}
