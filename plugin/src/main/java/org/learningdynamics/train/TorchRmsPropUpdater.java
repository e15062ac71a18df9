package org.learningdynamics.train;

import java.util.List;
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
        double root = root(getConfig(), gradient.dataType());
        Nd4j.exec(
                new RmsPropUpdater(
                        shaped(gradient),
                        state(SQUARES),
                        rate * root,
                        getConfig().alpha(),
                        getConfig().epsilon() * root));
    }

    /** The root of what the kept mean square exceeds PyTorch's by. */
    static double root(TorchRmsProp config, DataType type) {
        return Math.sqrt(Rounded.of(config.alpha(), type).excess());
    }
}
