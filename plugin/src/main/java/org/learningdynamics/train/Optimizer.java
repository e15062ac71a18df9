package org.learningdynamics.train;

import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** The update rule, with the host's defaults for everything but the learning rate. */
public enum Optimizer {
    /** Adam: β₁ = .9, β₂ = .999, ε = 1e-8. */
    ADAM {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new Adam(learningRate);
        }
    },
    /** RMSprop: decay .95, ε = 1e-8. */
    RMSPROP {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new RmsProp(learningRate);
        }
    },
    /** Plain gradient descent. */
    SGD {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new Sgd(learningRate);
        }
    };

    abstract IUpdater updater(ISchedule learningRate);
}
