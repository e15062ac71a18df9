package org.learningdynamics.recording;

/** One immutable piece of a recording, as handed to a {@link Recorder}. */
public sealed interface Measurement
        permits StepRecording,
                Metric,
                ExampleRow,
                ExampleResponse,
                ResponseTokens,
                TokenText,
                AttributionRow,
                AttributionBlock,
                Event {}
