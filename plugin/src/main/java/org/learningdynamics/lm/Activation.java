package org.learningdynamics.lm;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The nonlinearity between the two matrices of a feed-forward layer. */
public enum Activation {
    /**
     * {@code x · σ(1.702 x)}, the form that SameDiff's gelu computes (1.702 in single precision).
     * Its gradient is not a number above 26 in single precision.
     */
    GELU {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            return graph.nn().gelu(x);
        }

        @Override
        INDArray apply(INDArray x) {
            return Nd4j.nn().gelu(x);
        }
    },
    /** {@code x · Φ(x) = x · (1 + erf(x/√2)) / 2}, the gelu of GPT-NeoX. */
    GELU_EXACT {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            SDVariable tail = graph.math().erf(x.mul(Math.sqrt(0.5)));
            return x.mul(tail.add(1.0).mul(0.5));
        }

        @Override
        INDArray apply(INDArray x) {
            INDArray tail = Nd4j.math().erf(x.mul(Math.sqrt(0.5)));
            return tail.addi(1).muli(0.5).muli(x);
        }
    },
    /**
     * {@code x · (1 + tanh(u)) / 2 = x · σ(2u)} with {@code u = √(2/π) · (x + .044715 x³)}, the
     * gelu of GPT-2.
     */
    GELU_TANH {
        private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);
        private static final double CUBIC = 0.044715 * LINEAR;

        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            SDVariable slope = x.mul(x).mul(CUBIC).add(LINEAR);
            return x.mul(graph.nn().sigmoid(x.mul(slope)));
        }

        @Override
        INDArray apply(INDArray x) {
            INDArray stretched = x.mul(x).muli(CUBIC).addi(LINEAR).muli(x);
            return Transforms.sigmoid(stretched, false).muli(x);
        }
    },
    /**
     * {@code x · σ(x)}, also known as SiLU; composed, as the gradient of SameDiff's swish is not a
     * number above 44.
     */
    SWISH {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            return x.mul(graph.nn().sigmoid(x));
        }

        @Override
        INDArray apply(INDArray x) {
            return Transforms.sigmoid(x, true).muli(x);
        }
    },
    /** {@code max(0, x)²}; about a tenth of the cost of the other two on a CPU. */
    SQUARED_RELU {
        @Override
        SDVariable apply(SameDiff graph, SDVariable x) {
            SDVariable positive = graph.nn().relu(x, 0);
            return positive.mul(positive);
        }

        @Override
        INDArray apply(INDArray x) {
            INDArray positive = Nd4j.nn().relu(x, 0);
            return positive.muli(positive);
        }
    };

    abstract SDVariable apply(SameDiff graph, SDVariable x);

    /** The same of an array, which is not to be read any more: the result may take its memory. */
    abstract INDArray apply(INDArray x);
}
