package org.learningdynamics.listener;

import org.junit.jupiter.api.Nested;
import org.learningdynamics.loss.BcoLoss;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.SftLoss;
import org.nd4j.linalg.api.buffer.DataType;

/** The contract on DL4J language models that train through response layers. */
class ResponseNetworkContractTest {
    @Nested
    class PreferencesInAMultiLayerNetwork extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return ResponseNetworkTraining.ofLayers(new DpoLoss(0.2), DataType.DOUBLE);
        }

        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    /** The shadow has a running mean reward of its own. */
    @Nested
    class ShiftedRewardsInAMultiLayerNetwork extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return ResponseNetworkTraining.ofLayers(new BcoLoss(0.2), DataType.DOUBLE);
        }

        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class SupervisionInAComputationGraph extends ListenerContractTest {
        @Override
        protected Training newTraining() {
            return ResponseNetworkTraining.ofGraph(new SftLoss(), DataType.FLOAT);
        }

        /** Five or fewer tokens, float32 logits of size 1. */
        @Override
        protected double tolerance() {
            return 1e-5;
        }
    }
}
