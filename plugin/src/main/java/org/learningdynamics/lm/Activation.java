package org.learningdynamics.lm;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The nonlinearity between the two matrices of a feed-forward layer. */
public enum Activation {
    /**
     * {@code x · σ(1.702 x)}, the form that SameDiff's gelu computes (1.702 in single precision).
     */
    GELU {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            return graph.nn().gelu(x);
        }
    },
    /** {@code x · σ(x)}, also known as SiLU. */
    SWISH {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            return graph.nn().swish(x);
        }
    },
    /** {@code max(0, x)²}; about a tenth of the cost of the other two on a CPU. */
    SQUARED_RELU {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            SDVariable positive = graph.nn().relu(x, 0);
            return positive.mul(positive);
        }
    };

    abstract SDVariable apply(SameDiff graph, SDVariable x);
}
