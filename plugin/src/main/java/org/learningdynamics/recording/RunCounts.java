package org.learningdynamics.recording;

/**
 * How many rows a run file has in each table.
 *
 * @param probes probes
 * @param responses responses of probes
 * @param examples training examples
 * @param steps recordings
 * @param metrics metric values
 * @param likelihoods likelihood rows
 * @param tokens token rows
 * @param events events
 * @param interactions rows about interactions
 */
public record RunCounts(
        long probes,
        long responses,
        long examples,
        long steps,
        long metrics,
        long likelihoods,
        long tokens,
        long events,
        InteractionCounts interactions) {
    /**
     * The counts of a file without interactions.
     *
     * @param probes probes
     * @param responses responses of probes
     * @param examples training examples
     * @param steps recordings
     * @param metrics metric values
     * @param likelihoods likelihood rows
     * @param tokens token rows
     * @param events events
     */
    public RunCounts(
            long probes,
            long responses,
            long examples,
            long steps,
            long metrics,
            long likelihoods,
            long tokens,
            long events) {
        this(
                probes,
                responses,
                examples,
                steps,
                metrics,
                likelihoods,
                tokens,
                events,
                InteractionCounts.NONE);
    }

    RunCounts with(InteractionCounts counts) {
        return new RunCounts(
                probes, responses, examples, steps, metrics, likelihoods, tokens, events, counts);
    }
}
