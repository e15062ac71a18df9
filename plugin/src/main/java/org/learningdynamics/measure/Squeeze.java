package org.learningdynamics.measure;

/**
 * What pushing one class down did to a distribution.
 *
 * <p>With {@code y⁻} the pushed class, {@code y* = argmax_{i≠y⁻} π(i)} before the push (the lowest
 * index on ties) and {@code Δ} after minus before. Probability changes are computed as {@code
 * π·expm1(Δlog π)}, exact also where they are tiny.
 *
 * @param pushed y⁻
 * @param likeliest y*
 * @param pushedChange Δπ(y⁻)
 * @param likeliestChange Δπ(y*)
 * @param share {@code Δπ(y*)/−Δπ(y⁻)}: how much of what y⁻ lost went to y*; above 1 if y* took from
 *     others too; NaN if y⁻ did not move
 * @param fallen number of classes other than y⁻ whose probability fell
 * @param othersLogChange mean of Δlog π over all classes but y⁻ and y* (nats)
 */
public record Squeeze(
        int pushed,
        int likeliest,
        double pushedChange,
        double likeliestChange,
        double share,
        int fallen,
        double othersLogChange) {
    /**
     * Compares two distributions. Cost: V.
     *
     * @param before log π before the push // [V], V at least 3
     * @param after log π after it // [V]
     * @param pushed y⁻
     * @return the comparison; NaN log-probabilities give NaN
     * @throws IllegalArgumentException if the lengths differ or are below 3
     * @throws IndexOutOfBoundsException if there is no such class
     */
    public static Squeeze of(double[] before, double[] after, int pushed) {
        if (before.length < 3 || after.length != before.length) {
            throw new IllegalArgumentException(
                    "before and after must have the same length of at least 3, got "
                            + before.length
                            + " and "
                            + after.length);
        }
        int likeliest = likeliestBut(pushed, before);
        double lost = change(before[pushed], after[pushed]);
        double won = change(before[likeliest], after[likeliest]);
        int fallen = 0;
        double sum = 0;
        for (int v = 0; v < before.length; v++) {
            if (v != pushed) {
                fallen += after[v] < before[v] ? 1 : 0;
                sum += v == likeliest ? 0 : after[v] - before[v];
            }
        }
        double share = lost == 0 ? Double.NaN : won / -lost;
        double others = sum / (before.length - 2);
        return new Squeeze(pushed, likeliest, lost, won, share, fallen, others);
    }

    private static int likeliestBut(int pushed, double[] logProbs) {
        int best = pushed == 0 ? 1 : 0;
        for (int v = best + 1; v < logProbs.length; v++) {
            if (v != pushed && logProbs[v] > logProbs[best]) {
                best = v;
            }
        }
        return best;
    }

    private static double change(double before, double after) {
        return Math.exp(before) * Math.expm1(after - before);
    }
}
