package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * One immutable piece of a recording, as handed to a {@link Recorder}. Serialisable, so that it can
 * travel between processes of the same version; what is kept is the run file.
 */
public sealed interface Measurement extends Serializable
        permits StepRecording,
                Metric,
                ExampleRow,
                ExampleResponse,
                ResponseTokens,
                TokenText,
                AttributionRow,
                AttributionBlock,
                Event {}
