package org.learningdynamics.series;

/**
 * What one training example did to the observed responses over a run.
 *
 * @param example the training example's id
 * @param total sum of its influences over recordings, the mean over the observed responses each
 *     time (nats for influences on the update); NaN if one of them is
 * @param occurrences how often it was in the batch of a recording
 * @param selfInfluence sum of its influences on itself, NaN if not measured
 */
public record AttributedExample(
        long example, double total, long occurrences, double selfInfluence) {
    /**
     * Influence for each time that the example was in a recorded batch.
     *
     * @return {@code total / occurrences}, NaN without occurrence
     */
    public double perOccurrence() {
        return occurrences == 0 ? Double.NaN : total / occurrences;
    }
}
