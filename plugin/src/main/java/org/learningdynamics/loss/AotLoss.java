package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Alignment via optimal transport: the whole batch of values x, not pair by pair, is to lie above
 * the batch of values y. Both are sorted, and {@code ℓ_i = −(1 − ε)·log σ(β·δ_i) − ε·log σ(−β·δ_i)}
 * with {@code δ_i = x_i − y_π(i)}, where y_π(i) has the rank among y that x_i has among x (ties in
 * the order of the batch).
 *
 * <p>{@code ∂ℓ/∂x_i = −β·[σ(−β·δ_i) − ε]/P} and the opposite for y_π(i); what x and y are says the
 * {@link Form}. ln 2 where policy and reference agree in the paired form. The value of pair i is
 * that of its x. Cost: P² comparisons in a graph, P·log P for numbers. Source: Melnyk et al.,
 * Distributional Preference Alignment of LLMs via Optimal Transport, NeurIPS 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param labelSmoothing ε in [0, 0.5); 0 for none
 * @param form what is compared
 */
public record AotLoss(double beta, double labelSmoothing, Form form) implements PairwiseLoss {
    /** What the two sorted batches are. */
    public enum Form {
        /** {@code x = s⁺ − s⁻} and {@code y = r⁺ − r⁻}, for responses to the same prompts. */
        PAIRED("aot"),
        /** {@code x = u} and {@code y = v}: chosen and rejected ones need not belong together. */
        UNPAIRED("aot-unpaired");

        private final String lossName;

        Form(String lossName) {
            this.lossName = lossName;
        }

        /**
         * The loss's name in {@link Losses}.
         *
         * @return its name
         */
        public String lossName() {
            return lossName;
        }
    }

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param labelSmoothing in [0, 0.5)
     * @param form either
     */
    public AotLoss {
        Arguments.requireBeta(beta);
        Arguments.requireLabelSmoothing(labelSmoothing);
    }

    @Override
    public String name() {
        return form.lossName();
    }

    @Override
    public Map<String, Double> parameters() {
        return LossParameters.ordered(
                LossParameters.BETA, beta, LossParameters.LABEL_SMOOTHING, labelSmoothing);
    }

    @Override
    public double value(PairScores pair) {
        return SmoothedSigmoid.value(beta * pair.margin(), labelSmoothing);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        return PairCoefficients.ofMargin(
                beta * SmoothedSigmoid.slope(beta * pair.margin(), labelSmoothing));
    }

    @Override
    public double[] values(ResponseScores batch) {
        List<PairScores> pairs = PairScores.of(batch);
        return Arrays.stream(differences(pairs, partners(pairs)))
                .map(difference -> SmoothedSigmoid.value(beta * difference, labelSmoothing))
                .toArray();
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        List<PairScores> pairs = PairScores.of(batch);
        int size = pairs.size();
        int[] partners = partners(pairs);
        double[] differences = differences(pairs, partners);
        double[] rows = new double[2 * size];
        for (int i = 0; i < size; i++) {
            double slope = SmoothedSigmoid.slope(beta * differences[i], labelSmoothing);
            int opposite = form == Form.PAIRED ? i : partners[i];
            rows[i] += beta * slope / size;
            rows[size + opposite] -= beta * slope / size;
        }
        return rows;
    }

    private double[] differences(List<PairScores> pairs, int[] partners) {
        double[] differences = new double[partners.length];
        Arrays.setAll(differences, i -> x(pairs.get(i)) - y(pairs.get(partners[i])));
        return differences;
    }

    /** π: the index whose y has the rank that x has. */
    private int[] partners(List<PairScores> pairs) {
        int[] byX = order(pairs.stream().mapToDouble(this::x).toArray());
        int[] byY = order(pairs.stream().mapToDouble(this::y).toArray());
        int[] partners = new int[byX.length];
        for (int rank = 0; rank < byX.length; rank++) {
            partners[byX[rank]] = byY[rank];
        }
        return partners;
    }

    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[a], values[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double x(PairScores pair) {
        return form == Form.PAIRED
                ? pair.chosenLogProb() - pair.rejectedLogProb()
                : pair.chosenLogRatio();
    }

    private double y(PairScores pair) {
        return form == Form.PAIRED
                ? pair.referenceChosenLogProb() - pair.referenceRejectedLogProb()
                : pair.rejectedLogRatio();
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        boolean paired = form == Form.PAIRED;
        SDVariable x = paired ? pairs.chosen().sub(pairs.rejected()) : pairs.chosenLogRatio();
        SDVariable y =
                paired
                        ? ResponseLogProbs.stopGradient(graph, x.sub(pairs.margin()))
                        : pairs.rejectedLogRatio();
        SDVariable ranks = ranks(graph, y).reshape(1, -1);
        SDVariable matching = ranks(graph, x).reshape(-1, 1).eq(ranks).castTo(x.dataType());
        SDVariable matched = graph.mmul(matching, y.reshape(-1, 1)).reshape(-1);
        return SmoothedSigmoid.define(graph, x.sub(matched).mul(beta), labelSmoothing);
    }

    /**
     * Rank of each value, from comparisons of all with all: ND4J's sort has no gradient, and a
     * matrix of comparisons needs none.
     */
    private static SDVariable ranks(SameDiff graph, SDVariable values) {
        SDVariable constant = ResponseLogProbs.stopGradient(graph, values);
        SDVariable ones = graph.onesLike(constant);
        SDVariable index = graph.cumsum(ones, false, false, 0);
        SDVariable below = greater(constant, constant);
        SDVariable equal =
                constant.reshape(-1, 1).eq(constant.reshape(1, -1)).castTo(values.dataType());
        SDVariable before = equal.mul(greater(index, index));
        return graph.mmul(below.add(before), ones.reshape(-1, 1)).reshape(-1);
    }

    /** 1 where a is above b // [n, n]. */
    private static SDVariable greater(SDVariable a, SDVariable b) {
        return a.reshape(-1, 1).gt(b.reshape(1, -1)).castTo(a.dataType());
    }
}
