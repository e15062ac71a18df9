package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A divergence between policy and reference, as the map f that it puts on log-ratios x in a
 * preference loss: x for the reverse KL divergence of plain DPO, {@code −e^−x} for the forward one,
 * {@code log σ(x)} for Jensen-Shannon, {@code e^((α−1)·x)/(α − 1)} for an α-divergence (α = 0 is
 * forward KL).
 *
 * <p>Exponents are clamped at {@value #MAX_EXPONENT}: beyond it f is constant and its derivative 0.
 * Source: Wang et al., Beyond Reverse KL, ICLR 2024, up to constants that cancel in a margin.
 *
 * @param kind which divergence
 * @param alpha α, used by {@link Kind#ALPHA} only
 */
public record FDivergence(Kind kind, double alpha) {
    /** Largest exponent; e^{@value} squared is finite in float32. */
    public static final double MAX_EXPONENT = 40;

    /** α where none is given. */
    public static final double DEFAULT_ALPHA = 0.5;

    /** Which divergence. */
    public enum Kind {
        /** Kullback-Leibler of the policy from the reference. */
        REVERSE_KL("reverse-kl"),
        /** Kullback-Leibler of the reference from the policy. */
        FORWARD_KL("forward-kl"),
        /** Jensen-Shannon. */
        JENSEN_SHANNON("js"),
        /** α-divergence. */
        ALPHA("alpha");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /**
         * Its name after a loss's, as in {@code dpo:js}.
         *
         * @return lower case
         */
        public String label() {
            return label;
        }
    }

    /**
     * Checks; kinds without a parameter have the α they stand for, 0 for forward KL.
     *
     * @param kind any
     * @param alpha finite and not 1, where the map is that of reverse KL
     */
    public FDivergence {
        if (kind != Kind.ALPHA) {
            alpha = kind == Kind.FORWARD_KL ? 0 : DEFAULT_ALPHA;
        }
        Arguments.requireFinite(LossParameters.F_ALPHA, alpha);
        if (alpha == 1) {
            throw new IllegalArgumentException(
                    LossParameters.F_ALPHA + " must not be 1, which is reverse-kl, got " + alpha);
        }
    }

    /**
     * A divergence without a parameter.
     *
     * @param kind any; {@link #DEFAULT_ALPHA} for an α-divergence
     */
    public FDivergence(Kind kind) {
        this(kind, DEFAULT_ALPHA);
    }

    Map<String, Double> parameters() {
        return kind == Kind.ALPHA ? Map.of(LossParameters.F_ALPHA, alpha) : Map.of();
    }

    /**
     * The map.
     *
     * @param x log-ratio (nats)
     * @return f(x)
     */
    public double map(double x) {
        return switch (kind) {
            case REVERSE_KL -> x;
            case JENSEN_SHANNON -> -Logistic.softplus(-x);
            case FORWARD_KL, ALPHA -> Math.exp(Math.min(rate() * x, MAX_EXPONENT)) / rate();
        };
    }

    /**
     * Its derivative.
     *
     * @param x log-ratio (nats)
     * @return f'(x)
     */
    public double slope(double x) {
        return switch (kind) {
            case REVERSE_KL -> 1;
            case JENSEN_SHANNON -> Logistic.sigmoid(-x);
            case FORWARD_KL, ALPHA -> rate() * x <= MAX_EXPONENT ? Math.exp(rate() * x) : 0;
        };
    }

    SDVariable define(SameDiff graph, SDVariable x) {
        return switch (kind) {
            case REVERSE_KL -> x;
            case JENSEN_SHANNON -> Logistic.softplus(graph, x.neg()).neg();
            case FORWARD_KL, ALPHA -> {
                SDVariable limit = graph.constant(Nd4j.scalar(x.dataType(), MAX_EXPONENT));
                SDVariable exponent = graph.math().min(x.mul(rate()), limit);
                yield graph.math().exp(exponent).div(rate());
            }
        };
    }

    private double rate() {
        return kind == Kind.FORWARD_KL ? -1 : alpha - 1;
    }
}
