package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Identity preference optimisation: {@code ℓ = (m − 1/(2β))²} with the margin {@code m} of a {@link
 * Form}.
 *
 * <p>{@code c⁺ = 2(m − 1/(2β))·∂m/∂s⁺}, {@code c⁻} likewise. {@code 1/(4β²)} where policy and
 * reference agree. Source: Azar et al., A General Theoretical Paradigm to Understand Learning from
 * Human Preferences, AISTATS 2024, equation 17; the length-normalised form is TRL's.
 *
 * @param beta β &gt; 0; the margin is pulled to 1/(2β)
 * @param form what the margin is
 */
public record IpoLoss(double beta, Form form) implements PairwiseLoss {
    /** What the margin is, with u and v the log-ratios of the chosen and rejected response. */
    public enum Form {
        /** {@code m = u − v}, as in the paper. */
        PAPER("ipo"),
        /** {@code m = u/L⁺ − v/L⁻}: per token, so that long responses count like short ones. */
        LENGTH_NORMALIZED("ipo-length-normalized");

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
     * @param form either
     */
    public IpoLoss {
        Arguments.requireBeta(beta);
    }

    @Override
    public String name() {
        return form.lossName();
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of(LossParameters.BETA, beta);
    }

    @Override
    public Set<LossNeed> needs() {
        return form == Form.PAPER
                ? Set.of(LossNeed.REFERENCE)
                : Set.of(LossNeed.REFERENCE, LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double value(PairScores pair) {
        double miss = miss(pair);
        return miss * miss;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = 2 * miss(pair);
        return form == Form.PAPER
                ? PairCoefficients.ofMargin(slope)
                : new PairCoefficients(slope / pair.chosenTokens(), -slope / pair.rejectedTokens());
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable margin =
                form == Form.PAPER
                        ? pairs.margin()
                        : pairs.chosenLogRatio()
                                .div(pairs.chosenTokens())
                                .sub(pairs.rejectedLogRatio().div(pairs.rejectedTokens()));
        return graph.math().square(margin.sub(target()));
    }

    private double miss(PairScores pair) {
        double margin =
                form == Form.PAPER
                        ? pair.margin()
                        : pair.chosenLogRatio() / pair.chosenTokens()
                                - pair.rejectedLogRatio() / pair.rejectedTokens();
        return margin - target();
    }

    private double target() {
        return 1 / (2 * beta);
    }
}
