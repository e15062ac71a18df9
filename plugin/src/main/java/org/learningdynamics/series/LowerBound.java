package org.learningdynamics.series;

/**
 * Lower bounds of the empirical neural tangent kernel, from what a recording holds.
 *
 * <p>Source: Ren &amp; Sutherland (2025), section 4 and the notebook of its reference code.
 */
public final class LowerBound {
    private LowerBound() {}

    /**
     * The series {@code LBK_t = ‖Δ_t‖₂ / √(mean A_{t+1}) / mean p_{t+1}} as the reference computes
     * it: Δ over all probes, A the peakiness of the same kind, p the gap. Unit: nats.
     *
     * @param table the likelihoods
     * @param kind the observed kind
     * @param gapKind the kind whose gap scales the residual, usually {@code chosen}
     * @return one value a change between recordings, NaN where something is missing // [recordings
     *     − 1]
     */
    public static double[] lbk(LikelihoodTable table, String kind, String gapKind) {
        return scaled(table, kind, gapKind, true);
    }

    /**
     * The series {@code SignDelta_t}: as {@link #lbk}, with the mean of Δ over probes in the
     * numerator, so that it keeps its sign.
     *
     * @param table the likelihoods
     * @param kind the observed kind
     * @param gapKind the kind whose gap scales the residual, usually {@code chosen}
     * @return one value a change between recordings, NaN where something is missing // [recordings
     *     − 1]
     */
    public static double[] signDelta(LikelihoodTable table, String kind, String gapKind) {
        return scaled(table, kind, gapKind, false);
    }

    private static double[] scaled(
            LikelihoodTable table, String kind, String gapKind, boolean norm) {
        double[] series = new double[Math.max(0, table.recordings() - 1)];
        for (int t = 0; t < series.length; t++) {
            double[] change = table.change(Measure.LOG_PROB, kind, t, t + 1);
            double numerator = norm ? norm(change) : mean(change);
            double peakiness = mean(table.values(Measure.PEAKINESS, kind, t + 1));
            double gap = mean(table.values(Measure.GAP, gapKind, t + 1));
            series[t] = numerator / Math.sqrt(peakiness) / gap;
        }
        return series;
    }

    /**
     * The bound that one update of known size proves: {@code |Δ| / (η‖A‖_F‖G‖_F) ≤ ‖K‖_F}, up to
     * the second order of the update.
     *
     * @param change change of one log-probability by the update (nats)
     * @param learningRate η, &gt; 0
     * @param peakiness ‖A‖_F of the observed response
     * @param residualNorm ‖G‖_F of the learnt example
     * @return the bound; infinite if a factor is 0
     * @throws IllegalArgumentException if {@code learningRate} is not above 0
     */
    public static double ofStep(
            double change, double learningRate, double peakiness, double residualNorm) {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learningRate must be > 0, got " + learningRate);
        }
        return Math.abs(change) / (learningRate * peakiness * residualNorm);
    }

    private static double norm(double[] values) {
        double[] kept = MeanInterval.numbersOf(values);
        double squares = 0;
        for (double value : kept) {
            squares += value * value;
        }
        return kept.length == 0 ? Double.NaN : Math.sqrt(squares);
    }

    private static double mean(double[] values) {
        return MeanInterval.meanOf(MeanInterval.numbersOf(values));
    }
}
