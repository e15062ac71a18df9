package org.learningdynamics.train;

import java.util.List;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The update rule, with its source's defaults for everything but learning rate and weight decay.
 * The names that run files hold keep their meaning: {@code adam} and {@code rmsprop} are ND4J's,
 * which are not PyTorch's steps; {@code torch_rmsprop} and {@code adamw} are PyTorch's.
 */
public enum Optimizer {
    /** ND4J's Adam: β₁ = .9, β₂ = .999, ε = 1e-8 beside the root before its correction. */
    ADAM {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new Adam(learningRate);
        }
    },
    /** PyTorch's AdamW, {@link TorchAdam} with decoupled {@link DecoupledDecay weight decay}. */
    ADAMW {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new TorchAdam(learningRate);
        }
    },
    /** ND4J's RMSprop: decay .95, state from ε = 1e-8. */
    RMSPROP {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new RmsProp(learningRate);
        }
    },
    /** PyTorch's RMSprop, {@link TorchRmsProp}: decay .99, state from 0; what the paper used. */
    TORCH_RMSPROP {
        @Override
        IUpdater updater(ISchedule learningRate) {
            return new TorchRmsProp(learningRate);
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

    /** What is added to the updater's steps. */
    List<Regularization> regularization(double weightDecay) {
        return weightDecay == 0 ? List.of() : List.of(new DecoupledDecay(weightDecay));
    }

    void requireDecay(double weightDecay) {
        if (weightDecay != 0 && this != ADAMW) {
            throw new IllegalArgumentException(
                    "weightDecay must be 0 but with optimizer adamw, got " + weightDecay);
        }
    }
}
