package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.layers.recurrent.LastTimeStepLayer;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The last step of a recurrent layer that the mask leaves // [N, nIn, T] to [N, n]. */
final class LastTimeStepRule extends LayerRule {
    private final Layer inside;
    private final LayerRule rule;
    private final RNNFormat format;
    private long[] shape = {};
    private @Nullable INDArray indices; // of [T·N] // [N]

    LastTimeStepRule(LastTimeStepLayer layer, LayerRule rule) {
        inside = layer.getUnderlying();
        this.rule = rule;
        format = TimeSeriesUtils.getFormatFromRnnLayer(inside.conf().getLayer());
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        INDArray all = Columns.fromSequence(rule.forward(input, pass), format);
        int rows = Math.toIntExact(input.size(0));
        shape = all.shape().clone();
        INDArray last = Nd4j.createUninitialized(all.dataType(), new long[] {rows, shape[1]}, 'c');
        indices = Nd4j.createFromArray(last(rows, (int) (shape[0] / rows)));
        for (int row = 0; row < rows; row++) {
            last.getRow(row).assign(all.getRow(indices.getInt(row)));
        }
        return last;
    }

    private int[] last(int rows, int steps) {
        int[] last = new int[rows];
        @Nullable INDArray mask = inside.getMaskArray();
        double[] open =
                mask == null
                        ? new double[0]
                        : mask.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        for (int row = 0; row < rows; row++) {
            int step = steps - 1;
            while (mask != null && step > 0 && open[row * steps + step] == 0) {
                step--;
            }
            last[row] = step * rows + row;
        }
        return last;
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray where = Kept.from(indices);
        INDArray all = Nd4j.create(epsilon.dataType(), shape, 'c');
        for (int row = 0; row < epsilon.size(0); row++) {
            all.get(NDArrayIndex.point(where.getInt(row)), NDArrayIndex.all())
                    .assign(epsilon.getRow(row));
        }
        return rule.backward(Columns.toSequence(all, epsilon.size(0), format), pass, below);
    }

    @Override
    boolean hasParameters() {
        return rule.hasParameters();
    }

    @Override
    boolean passesOn() {
        return rule.passesOn();
    }

    @Override
    void clear() {
        indices = null;
        rule.clear();
    }
}
