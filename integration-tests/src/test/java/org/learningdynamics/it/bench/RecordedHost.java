package org.learningdynamics.it.bench;

/**
 * A training whose steps are recorded with influence, beside the same training without a listener,
 * and the plain passes that a recorded step is measured against.
 */
interface RecordedHost extends AutoCloseable {
    /** Probe rows of every host. */
    int PROBES = 64;

    /** Rows of a batch of every host. */
    int BATCH = 16;

    /** One update without a listener. */
    void update();

    /** One update of the training that is recorded. */
    void recordedUpdate();

    /** Gradients of all parameters for the summed likelihoods of the probe rows. */
    void probeGradients();

    /** Logits of the probe rows. */
    void probeLogits();

    /** Gradients of all parameters for the batch's loss. */
    void batchGradients();

    @Override
    void close();
}
