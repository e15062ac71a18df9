package org.learningdynamics.recording;

import java.util.List;

/**
 * Everything measured at one recording; committed whole or not at all.
 *
 * @param step the training state
 * @param likelihoods one row a response
 * @param tokens token rows, empty unless asked for
 * @param events what went wrong at this recording
 */
public record StepRecording(
        StepRow step, List<LikelihoodRow> likelihoods, List<TokenRow> tokens, List<Event> events)
        implements Measurement {
    /**
     * Copies the lists.
     *
     * @param step the training state
     * @param likelihoods one row a response
     * @param tokens token rows
     * @param events what went wrong
     */
    public StepRecording {
        likelihoods = List.copyOf(likelihoods);
        tokens = List.copyOf(tokens);
        events = List.copyOf(events);
        likelihoods.forEach(row -> Checks.sameStep("likelihoods", step.step(), row.step()));
        tokens.forEach(row -> Checks.sameStep("tokens", step.step(), row.step()));
        events.forEach(row -> Checks.sameStep("events", step.step(), row.step()));
    }
}
