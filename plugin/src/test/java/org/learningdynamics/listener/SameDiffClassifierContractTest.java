package org.learningdynamics.listener;

import org.junit.jupiter.api.Nested;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** The contract on SameDiff graphs as users write them. */
class SameDiffClassifierContractTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final int CLASSES = SameDiffClassifierTraining.CLASSES;

    abstract static class Contract extends ListenerContractTest {
        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class Perceptron extends Contract {
        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining();
        }
    }

    @Nested
    class Images extends Contract {
        private static final int SIDE = 6;
        private static final int MAPS = 3;

        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining(Images::graph, 1, SIDE, SIDE);
        }

        private static SameDiff graph() {
            SameDiff sd = SameDiff.create();
            SDVariable x = sd.placeHolder("x", TYPE, -1, 1, SIDE, SIDE);
            SDVariable y = sd.placeHolder("y", TYPE, -1, CLASSES);
            SDVariable kernel = sd.var("kernel", RandomArrays.gaussian(1, TYPE, 3, 3, 1, MAPS));
            Conv2DConfig same =
                    Conv2DConfig.builder().kH(3).kW(3).paddingMode(PaddingMode.SAME).build();
            SDVariable seen = sd.nn().relu(sd.cnn().conv2d(x, kernel, same), 0);
            SDVariable flat = seen.reshape(-1, MAPS * SIDE * SIDE);
            SDVariable gain = sd.var("gain", RandomArrays.gaussian(4, TYPE, MAPS * SIDE * SIDE));
            SDVariable normal = sd.nn().layerNorm(flat, gain, false, 1);
            SDVariable w = sd.var("w", RandomArrays.gaussian(2, TYPE, MAPS * SIDE * SIDE, CLASSES));
            return SameDiffClassifierTraining.trainable(sd, normal.mmul(w).rename("logits"), y);
        }
    }

    /** A recurrence unrolled by hand, its weights used at every position. */
    @Nested
    class Sequences extends Contract {
        private static final int LENGTH = 4;
        private static final int FEATURES = 3;
        private static final int WIDTH = 5;

        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining(Sequences::graph, LENGTH, FEATURES);
        }

        private static SameDiff graph() {
            SameDiff sd = SameDiff.create();
            SDVariable x = sd.placeHolder("x", TYPE, -1, LENGTH, FEATURES);
            SDVariable y = sd.placeHolder("y", TYPE, -1, CLASSES);
            SDVariable in = sd.var("in", RandomArrays.gaussian(1, TYPE, FEATURES, WIDTH));
            SDVariable again = sd.var("again", RandomArrays.gaussian(2, TYPE, WIDTH, WIDTH));
            SDVariable out = sd.var("out", RandomArrays.gaussian(3, TYPE, WIDTH, CLASSES));
            SDVariable[] positions = sd.unstack(x, 1, LENGTH);
            SDVariable state = sd.math().tanh(positions[0].mmul(in));
            for (int t = 1; t < LENGTH; t++) {
                state = sd.math().tanh(positions[t].mmul(in).add(state.mmul(again)));
            }
            return SameDiffClassifierTraining.trainable(sd, state.mmul(out).rename("logits"), y);
        }
    }

    @Nested
    class PerceptronInTheLoop extends Contract {
        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining().on(GraphHost.LOOP);
        }
    }

    @Nested
    class ImagesInTheLoop extends Contract {
        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining(Images::graph, 1, Images.SIDE, Images.SIDE)
                    .on(GraphHost.LOOP);
        }
    }

    @Nested
    class SequencesAccumulated extends Contract {
        @Override
        protected Training newTraining() {
            return new SameDiffClassifierTraining(
                            Sequences::graph, Sequences.LENGTH, Sequences.FEATURES)
                    .on(GraphHost.ACCUMULATING);
        }
    }
}
