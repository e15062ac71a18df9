package org.learningdynamics.loss;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A loss of the margin under another divergence: {@code ℓ(f(u) − f(v))} instead of {@code ℓ(u −
 * v)}.
 *
 * <p>{@code c⁺ = ℓ'·f'(u)}, {@code c⁻ = −ℓ'·f'(v)}. Starts where the plain loss starts. Its name in
 * {@link Losses} is that of the loss, a colon and the divergence's label, such as {@code
 * dpo:forward-kl}. Source: Wang et al., Beyond Reverse KL, ICLR 2024.
 *
 * @param base the loss of the margin
 * @param divergence the map f
 */
public record DivergenceLoss(MarginLoss base, FDivergence divergence) implements PairwiseLoss {
    @Override
    public String name() {
        return base.name() + ':' + divergence.kind().label();
    }

    @Override
    public Map<String, Double> parameters() {
        Map<String, Double> all = new LinkedHashMap<>(base.parameters());
        all.putAll(divergence.parameters());
        return Collections.unmodifiableMap(all);
    }

    @Override
    public double beta() {
        return base.beta();
    }

    @Override
    public double value(PairScores pair) {
        return base.value(margin(pair));
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = base.slope(margin(pair));
        return new PairCoefficients(
                slope * divergence.slope(pair.chosenLogRatio()),
                -slope * divergence.slope(pair.rejectedLogRatio()));
    }

    private double margin(PairScores pair) {
        return divergence.map(pair.chosenLogRatio()) - divergence.map(pair.rejectedLogRatio());
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable up = divergence.define(graph, pairs.chosenLogRatio());
        SDVariable down = divergence.define(graph, pairs.rejectedLogRatio());
        return base.perMargin(graph, up.sub(down));
    }
}
