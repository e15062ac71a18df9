package org.learningdynamics.train;

import java.util.List;
import org.learningdynamics.measure.HostFloats;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** The moments of {@link TorchAdam} and its steps; used by the thread that trains. */
final class TorchAdamUpdater extends StatesUpdater<TorchAdam> {
    /** The first moment's name in the host's updater state. */
    static final String FIRST = "M";

    /** The second moment's name in the host's updater state. */
    static final String SECOND = "V";

    /** So late an update that ND4J's own corrections are exactly 1. */
    private static final int LATE = Integer.MAX_VALUE - 1;

    TorchAdamUpdater(TorchAdam config) {
        super(config, List.of(FIRST, SECOND));
    }

    @Override
    void step(INDArray gradient, int iteration, double rate) {
        Factors factors = Factors.of(getConfig(), gradient.dataType(), iteration, rate);
        INDArray step = shaped(gradient);
        if (HostFloats.fit(step, state(FIRST), state(SECOND))) {
            Step kernel = Step.of(getConfig(), factors);
            HostFloats.update(kernel, step, state(FIRST), state(SECOND));
        } else {
            Nd4j.exec(
                    new AdamUpdater(
                            step,
                            state(SECOND),
                            state(FIRST),
                            factors.rate(),
                            getConfig().beta1(),
                            getConfig().beta2(),
                            factors.epsilon(),
                            LATE));
        }
    }

    /** Gradient, first and second moment; a loop that compilers make into vector instructions. */
    private record Step(float rate, float beta1, float beta2, float epsilon)
            implements HostFloats.Kernel {
        static Step of(TorchAdam config, Factors factors) {
            return new Step(
                    (float) factors.rate(),
                    (float) config.beta1(),
                    (float) config.beta2(),
                    (float) factors.epsilon());
        }

        @Override
        public void run(float[][] chunk, int count) {
            step(chunk[0], chunk[1], chunk[2], count);
        }

        private void step(float[] gradient, float[] first, float[] second, int count) {
            float taken1 = 1 - beta1;
            float taken2 = 1 - beta2;
            for (int i = 0; i < count; i++) {
                float g = gradient[i];
                float m = beta1 * first[i] + taken1 * g;
                float v = beta2 * second[i] + taken2 * (g * g);
                first[i] = m;
                second[i] = v;
                gradient[i] = rate * m / ((float) Math.sqrt(v) + epsilon);
            }
        }
    }

    /**
     * The step {@code rate·m/(√v + epsilon)} from the moments as they are kept.
     *
     * @param rate η with all corrections
     * @param epsilon ε with the root's corrections
     * @param kept what the first moment keeps, as the precision has it
     * @param taken what it takes of the gradient
     */
    record Factors(double rate, double epsilon, double kept, double taken) {
        static Factors of(TorchAdam config, DataType type, int iteration, double rate) {
            Rounded first = Rounded.of(config.beta1(), type);
            Rounded second = Rounded.of(config.beta2(), type);
            double root = Math.sqrt(second.excess() * correction(config.beta2(), iteration));
            double corrected =
                    rate * root / (first.excess() * correction(config.beta1(), iteration));
            return new Factors(corrected, config.epsilon() * root, first.kept(), first.taken());
        }

        private static double correction(double beta, int iteration) {
            return 1 - Math.pow(beta, iteration + 1.0);
        }
    }

    /**
     * A share β as the parameters' precision has it.
     *
     * @param kept fl(β)
     * @param taken 1 − fl(β), exact
     * @param excess {@code taken} over PyTorch's fl(1 − β)
     */
    record Rounded(double kept, double taken, double excess) {
        static Rounded of(double beta, DataType type) {
            if (type == DataType.DOUBLE) {
                return new Rounded(beta, 1 - beta, 1);
            }
            double kept = (float) beta;
            return new Rounded(kept, 1 - kept, (1 - kept) / (float) (1 - beta));
        }
    }
}
