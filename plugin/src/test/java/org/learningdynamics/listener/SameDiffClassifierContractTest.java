package org.learningdynamics.listener;

/** The contract on a SameDiff classifier. */
class SameDiffClassifierContractTest extends ListenerContractTest {
    @Override
    protected Training newTraining() {
        return new SameDiffClassifierTraining();
    }

    @Override
    protected double tolerance() {
        return 1e-12;
    }
}
