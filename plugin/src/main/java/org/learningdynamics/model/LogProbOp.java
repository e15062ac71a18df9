package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code log π(y) = z_y − max z − log Σ exp(z − max z)} from logits [n, V] and labels [n], to [n];
 * finite for logits of any spread. Where a label is outside the classes, z_y counts as 0. One pass
 * over memory.
 */
final class LogProbOp extends JavaOp {
    LogProbOp() {
        super("java_log_prob");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray logits = inputs.get(0);
        int classes = Math.toIntExact(logits.size(1));
        try (INDArray labels = floats(inputs.get(1))) {
            HostRows.run(logits.size(0), () -> new Rows(classes), List.of(logits, labels), outputs);
        }
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(new long[] {inputs.get(0).size(0)});
    }

    private static final class Rows implements HostRows.Kernel {
        private final SoftmaxRows softmax = new SoftmaxRows();
        private final int classes;
        private float[] work = new float[0];
        private float[] tops = new float[0];

        Rows(int classes) {
            this.classes = classes;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            if (tops.length < rows) {
                work = new float[rows * classes];
                tops = new float[rows];
            }
            for (int row = 0; row < rows; row++) {
                tops[row] = SoftmaxRows.shift(inputs[0], row * classes, work, classes);
            }
            softmax.exponentials(work, 0, rows * classes);
            for (int row = 0; row < rows; row++) {
                int label = (int) inputs[1][row];
                boolean isClass = label >= 0 && label < classes;
                double logit = isClass ? inputs[0][row * classes + label] : 0;
                double sum = SoftmaxRows.sum(work, row * classes, classes);
                outputs[0][row] = (float) (logit - tops[row] - Math.log(sum));
            }
        }
    }
}
