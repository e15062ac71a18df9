package org.learningdynamics.recording;

import java.util.List;

/**
 * Everything measured at one recording; committed whole or not at all.
 *
 * @param step the training state
 * @param likelihoods one row a response
 * @param tokens token rows, empty unless asked for
 * @param distributions probabilities of tokens at single positions, empty unless asked for
 * @param events what went wrong at this recording
 * @param interactions which example moved which response, {@link Interactions#NONE} unless measured
 */
public record StepRecording(
        StepRow step,
        List<LikelihoodRow> likelihoods,
        List<TokenRow> tokens,
        List<DistributionRow> distributions,
        List<Event> events,
        Interactions interactions)
        implements Measurement {
    /**
     * Copies the lists.
     *
     * @param step the training state
     * @param likelihoods one row a response
     * @param tokens token rows
     * @param distributions probabilities of tokens
     * @param events what went wrong
     * @param interactions which example moved which response
     * @throws IllegalArgumentException if a row is of another step
     */
    public StepRecording {
        likelihoods = List.copyOf(likelihoods);
        tokens = List.copyOf(tokens);
        distributions = List.copyOf(distributions);
        events = List.copyOf(events);
        likelihoods.forEach(row -> Checks.sameStep("likelihoods", step.step(), row.step()));
        tokens.forEach(row -> Checks.sameStep("tokens", step.step(), row.step()));
        distributions.forEach(row -> Checks.sameStep("distributions", step.step(), row.step()));
        events.forEach(row -> Checks.sameStep("events", step.step(), row.step()));
        interactions.requireStep(step.step());
    }

    /**
     * A recording without interactions.
     *
     * @param step the training state
     * @param likelihoods one row a response
     * @param tokens token rows
     * @param events what went wrong
     * @throws IllegalArgumentException if a row is of another step
     */
    public StepRecording(
            StepRow step,
            List<LikelihoodRow> likelihoods,
            List<TokenRow> tokens,
            List<Event> events) {
        this(step, likelihoods, tokens, events, Interactions.NONE);
    }

    /**
     * A recording without distributions.
     *
     * @param step the training state
     * @param likelihoods one row a response
     * @param tokens token rows
     * @param events what went wrong
     * @param interactions which example moved which response
     * @throws IllegalArgumentException if a row is of another step
     */
    public StepRecording(
            StepRow step,
            List<LikelihoodRow> likelihoods,
            List<TokenRow> tokens,
            List<Event> events,
            Interactions interactions) {
        this(step, likelihoods, tokens, List.of(), events, interactions);
    }
}
