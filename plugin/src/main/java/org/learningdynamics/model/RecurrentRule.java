package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.layers.recurrent.BaseRecurrentLayer;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A recurrent layer, {@code z_t = x_t·W + h_{t−1}·RW + b} from zeros // [N, nIn, T] to [N, n, T].
 *
 * <p>The gradients of W and RW are outer products of the inputs and of the states before with the
 * gradients δ at z.
 */
abstract class RecurrentRule extends LayerRule {
    private final BaseRecurrentLayer<?> layer;
    private final LayerNames names;
    private final RNNFormat format;
    private final INDArray weights; // [nIn, p]
    private final INDArray recurrentWeights; // [n, p]
    private final INDArray bias; // [1, p]
    private @Nullable INDArray inputs; // [T·N, nIn]
    private @Nullable INDArray states; // from before the first step on // [(T + 1)·N, n]

    RecurrentRule(BaseRecurrentLayer<?> layer, LayerNames names) {
        this.layer = layer;
        this.names = names;
        format = layer.getDataFormat();
        weights = layer.getParam(LSTMParamInitializer.INPUT_WEIGHT_KEY);
        recurrentWeights = layer.getParam(LSTMParamInitializer.RECURRENT_WEIGHT_KEY);
        bias = layer.getParam(LSTMParamInitializer.BIAS_KEY);
    }

    /** Starts a pass of T steps // states [N, n]. */
    abstract void start(int steps, long rows, long units);

    /** The state after a step, of which z may be kept // [N, p], [N, 1] to [N, n]. */
    abstract INDArray step(int t, INDArray z, Optional<INDArray> mask);

    /**
     * Goes back one step.
     *
     * @param epsilon gradient at the state, from above and from the step after // [N, n]
     * @return δ // [N, p]
     */
    abstract INDArray stepBack(int t, INDArray epsilon, Optional<INDArray> mask, boolean trained);

    @Override
    final INDArray forward(INDArray input, Pass pass) {
        long rows = input.size(0);
        long units = recurrentWeights.size(0);
        INDArray x = Columns.fromSequence(input.castTo(weights.dataType()), format);
        int steps = (int) (x.size(0) / rows);
        INDArray h = Nd4j.create(x.dataType(), new long[] {(steps + 1) * rows, units}, 'c');
        start(steps, rows, units);
        for (int t = 0; t < steps; t++) {
            INDArray z =
                    Nd4j.createUninitialized(x.dataType(), new long[] {rows, weights.size(1)}, 'f');
            Nd4j.gemm(at(x, t, rows), weights, z, false, false, 1, 0);
            Nd4j.gemm(at(h, t, rows), recurrentWeights, z, false, false, 1, 1);
            z.addiRowVector(bias);
            at(h, t + 1, rows).assign(step(t, z, maskAt(t, rows)));
        }
        inputs = x;
        states = h;
        INDArray output = rows(h, rows, (steps + 1) * rows).dup('c');
        return Columns.toSequence(output, rows, format);
    }

    @Override
    final Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray x = Kept.from(inputs);
        long rows = epsilon.size(0);
        INDArray above = Columns.fromSequence(epsilon, format);
        int steps = (int) (x.size(0) / rows);
        INDArray deltas =
                Nd4j.createUninitialized(
                        x.dataType(), new long[] {x.size(0), weights.size(1)}, 'c');
        Optional<INDArray> next = Optional.empty();
        for (int t = steps - 1; t >= 0; t--) {
            INDArray at = at(above, t, rows).dup('f');
            next.ifPresent(d -> Nd4j.gemm(d, recurrentWeights, at, false, true, 1, 1));
            INDArray delta = stepBack(t, at, maskAt(t, rows), pass.trained());
            at(deltas, t, rows).assign(delta);
            next = Optional.of(delta);
        }
        emit(x, deltas, pass);
        return below
                ? Optional.of(
                        Columns.toSequence(
                                MatrixProducts.transposedRight(deltas, weights), rows, format))
                : Optional.empty();
    }

    private void emit(INDArray x, INDArray deltas, Pass pass) {
        INDArray before = rows(Kept.from(states), 0, x.size(0));
        RowFactors factors = pass.factors();
        String input = LSTMParamInitializer.INPUT_WEIGHT_KEY;
        String recurrent = LSTMParamInitializer.RECURRENT_WEIGHT_KEY;
        factors.addOuter(names.matrix(input, weights), x, deltas);
        factors.addOuter(names.matrix(recurrent, recurrentWeights), before, deltas);
        factors.addSums(names.vector(LSTMParamInitializer.BIAS_KEY, bias), deltas);
    }

    private Optional<INDArray> maskAt(int t, long rows) {
        return Optional.ofNullable(layer.getMaskArray())
                .map(m -> m.getColumn(t).castTo(weights.dataType()).reshape('c', rows, 1));
    }

    static INDArray at(INDArray array, int t, long rows) {
        return rows(array, t * rows, (t + 1) * rows);
    }

    private static INDArray rows(INDArray array, long from, long to) {
        return array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    @Override
    final boolean hasParameters() {
        return true;
    }

    @Override
    void clear() {
        inputs = null;
        states = null;
        layer.clear();
    }
}
