package org.learningdynamics.train;

import java.util.List;
import org.learningdynamics.measure.HostFloats;
import org.learningdynamics.train.TorchAdamUpdater.Rounded;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** The mean square of {@link TorchRmsProp} and its steps; used by the thread that trains. */
final class TorchRmsPropUpdater extends StatesUpdater<TorchRmsProp> {
    /** The mean square's name in the host's updater state. */
    static final String SQUARES = "G";

    TorchRmsPropUpdater(TorchRmsProp config) {
        super(config, List.of(SQUARES));
    }

    @Override
    void step(INDArray gradient, int iteration, double rate) {
        INDArray step = shaped(gradient);
        INDArray squares = state(SQUARES);
        double root = root(getConfig(), gradient.dataType());
        if (HostFloats.fit(step, squares)) {
            float alpha = (float) getConfig().alpha();
            float scaled = (float) (rate * root);
            float epsilon = (float) (getConfig().epsilon() * root);
            HostFloats.update(
                    (chunk, count) -> step(chunk[0], chunk[1], count, alpha, scaled, epsilon),
                    step,
                    squares);
        } else {
            Nd4j.exec(
                    new RmsPropUpdater(
                            step,
                            squares,
                            rate * root,
                            getConfig().alpha(),
                            getConfig().epsilon() * root));
        }
    }

    /** A loop that compilers make into vector instructions. */
    private static void step(
            float[] gradient, float[] squares, int count, float alpha, float rate, float epsilon) {
        float taken = 1 - alpha;
        for (int i = 0; i < count; i++) {
            float g = gradient[i];
            float square = alpha * squares[i] + taken * (g * g);
            squares[i] = square;
            gradient[i] = rate * g / ((float) Math.sqrt(square) + epsilon);
        }
    }

    /** The root of what the kept mean square exceeds PyTorch's by. */
    static double root(TorchRmsProp config, DataType type) {
        return Math.sqrt(Rounded.of(config.alpha(), type).excess());
    }
}
