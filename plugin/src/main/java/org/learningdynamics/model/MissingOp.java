package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code (e_y − π) · w} from logits [n, V], labels [n] and, if given, weights [n]: what is missing
 * to certainty, the gradient of {@code Σ w · log π(y)}. One pass over memory; rows of weight 0 are
 * not read.
 *
 * <p>Without weights those of negative labels are 0 and all others 1. {@code e_y} of a label
 * outside the classes is 0, as a one-hot vector is.
 */
final class MissingOp extends JavaOp {
    MissingOp() {
        super("java_missing");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray logits = inputs.get(0);
        int classes = Math.toIntExact(logits.size(1));
        try (INDArray labels = floats(inputs.get(1))) {
            HostRows.run(
                    logits.size(0),
                    () -> new Rows(classes),
                    inputs.size() == 2
                            ? List.of(logits, labels)
                            : List.of(logits, labels, inputs.get(2)),
                    outputs);
        }
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }

    private static final class Rows implements HostRows.Kernel {
        private final SoftmaxRows softmax = new SoftmaxRows();
        private final int classes;

        Rows(int classes) {
            this.classes = classes;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            for (int row = 0; row < rows; row++) {
                int label = (int) inputs[1][row];
                float weight = inputs.length > 2 ? inputs[2][row] : label < 0 ? 0 : 1;
                row(inputs[0], outputs[0], row * classes, label, weight);
            }
        }

        private void row(float[] logits, float[] target, int from, int label, float weight) {
            if (weight == 0) {
                Arrays.fill(target, from, from + classes, 0);
                return;
            }
            boolean isClass = label >= 0 && label < classes;
            int place = isClass ? from + label : -1;
            float own = 0;
            double others = Double.NaN;
            if (SoftmaxRows.isModerate(logits, from)) {
                System.arraycopy(logits, from, target, from, classes);
                own = exponentials(target, from, place);
                others = SoftmaxRows.sum(target, from, classes);
            }
            if (!SoftmaxRows.isWithin(others + own)) {
                SoftmaxRows.shift(logits, from, target, classes);
                own = exponentials(target, from, place);
                others = SoftmaxRows.sum(target, from, classes);
            }
            SoftmaxRows.scale(target, from, classes, (float) (-weight / (others + own)));
            if (isClass) {
                target[place] = (float) (weight * (others / (others + own)));
            }
        }

        /** Of all classes but the label's: summed without it, 1 − π keeps its digits near 0. */
        private float exponentials(float[] target, int from, int place) {
            softmax.exponentials(target, from, classes);
            if (place < 0) {
                return 0;
            }
            float own = target[place];
            target[place] = 0;
            return own;
        }
    }
}
