package org.learningdynamics.measure;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The measures' contract for every type, order and view that logits come in. */
class LikelihoodLayoutsTest {
    private static final double TOLERANCE = 2e-14;

    private static INDArray array(DataType type, double[][][] values) {
        double[] flat =
                Arrays.stream(values)
                        .flatMap(Arrays::stream)
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
        long[] shape = {values.length, values[0].length, values[0][0].length};
        try (INDArray doubles = Nd4j.createFromArray(flat).reshape(shape)) {
            return doubles.castTo(type).dup('c');
        }
    }

    private abstract static class Layout extends MeasureContractTest {
        abstract INDArray layOut(double[][][] logits);

        @Override
        protected double tolerance() {
            return TOLERANCE;
        }

        @Override
        protected List<Likelihood> measure(double[][][] logits, int[][] labels, Peakiness form) {
            return LikelihoodMeasures.measure(layOut(logits), labels, form);
        }
    }

    @Nested
    class Float64 extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            return array(DataType.DOUBLE, logits);
        }
    }

    @Nested
    class Float32 extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            return array(DataType.FLOAT, logits);
        }
    }

    @Nested
    class ColumnMajor extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            return array(DataType.FLOAT, logits).dup('f');
        }
    }

    @Nested
    class TimeLast extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            INDArray channelsFirst = array(DataType.DOUBLE, logits).permute(0, 2, 1).dup('c');
            return channelsFirst.permute(0, 2, 1);
        }
    }

    @Nested
    class ViewIntoALargerArray extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            INDArray values = array(DataType.FLOAT, logits);
            long[] shape = values.shape();
            INDArray larger = Nd4j.valueArrayOf(surround(shape), Double.NaN, DataType.FLOAT);
            INDArray view = // of a view
                    larger.get(
                                    NDArrayIndex.interval(1, shape[0] + 1),
                                    NDArrayIndex.all(),
                                    NDArrayIndex.all())
                            .get(
                                    NDArrayIndex.all(),
                                    NDArrayIndex.interval(2, shape[1] + 2),
                                    NDArrayIndex.interval(3, shape[2] + 3));
            view.assign(values);
            return view;
        }

        private long[] surround(long[] shape) {
            return new long[] {shape[0] + 2, shape[1] + 3, shape[2] + 4};
        }
    }

    @Nested
    class RowsAndPositionsOnOneAxis extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            INDArray values = array(DataType.FLOAT, logits);
            return values.reshape('c', values.size(0) * values.size(1), values.size(2));
        }

        @Override
        protected List<Likelihood> measure(double[][][] logits, int[][] labels, Peakiness form) {
            return LikelihoodMeasures.measureFlat(layOut(logits), labels, form);
        }
    }

    @Nested
    class ColumnMajorOnOneAxis extends Layout {
        @Override
        INDArray layOut(double[][][] logits) {
            INDArray values = array(DataType.DOUBLE, logits);
            return values.reshape('c', values.size(0) * values.size(1), values.size(2)).dup('f');
        }

        @Override
        protected List<Likelihood> measure(double[][][] logits, int[][] labels, Peakiness form) {
            return LikelihoodMeasures.measureFlat(layOut(logits), labels, form);
        }
    }
}
