package org.learningdynamics.listener;

import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The contract on the language model, in both stages and both precisions, a row a response and
 * packed.
 */
class DecoderContractTest {
    @Nested
    class SupervisedFineTuning extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return new DecoderTraining("sft-sum", DataType.FLOAT);
        }

        /** Seven or fewer tokens, float32 logits of size 1. */
        @Override
        protected double tolerance() {
            return 1e-5;
        }
    }

    @Nested
    class PreferenceOptimization extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return new DecoderTraining("dpo", DataType.DOUBLE);
        }

        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class PackedProbes extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return new DecoderTraining("sft", DataType.DOUBLE, true);
        }

        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class SupervisedFineTuningInTheLoop extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return new DecoderTraining("sft-sum", DataType.FLOAT, GraphHost.LOOP);
        }

        @Override
        protected double tolerance() {
            return 1e-5;
        }
    }

    @Nested
    class PreferenceOptimizationAccumulated extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return new DecoderTraining("dpo", DataType.DOUBLE, GraphHost.ACCUMULATING);
        }

        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }
}
