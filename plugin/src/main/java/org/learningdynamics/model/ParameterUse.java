package org.learningdynamics.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.OuterProducts;
import org.learningdynamics.influence.TokenLookups;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One op of a SameDiff graph that reads a parameter, and how the gradients of single rows follow
 * from what goes in and from the gradient at what comes out.
 */
sealed interface ParameterUse {
    /** Variables whose values are needed. */
    List<String> values();

    /** The op's output, whose gradient is needed. */
    String output();

    /** The same where the op reads values by other names. */
    default ParameterUse reading(UnaryOperator<String> names) {
        return this;
    }

    /** Makes the factor, of arrays that belong to the pass's factors together. */
    GradientFactor factor(PassArrays arrays);

    /** {@code y = x·W}. */
    record Product(String input, String output) implements ParameterUse {
        @Override
        public List<String> values() {
            return List.of(input);
        }

        @Override
        public ParameterUse reading(UnaryOperator<String> names) {
            return new Product(names.apply(input), output);
        }

        @Override
        public GradientFactor factor(PassArrays arrays) {
            return new OuterProducts(arrays.value(input), arrays.gradient(output));
        }
    }

    /** {@code y = x·Wᵀ}: the gradient of W is {@code ∂yᵀ·x}. */
    record TransposedProduct(String input, String output) implements ParameterUse {
        @Override
        public List<String> values() {
            return List.of(input);
        }

        @Override
        public ParameterUse reading(UnaryOperator<String> names) {
            return new TransposedProduct(names.apply(input), output);
        }

        @Override
        public GradientFactor factor(PassArrays arrays) {
            return new OuterProducts(arrays.gradient(output), arrays.value(input));
        }
    }

    /** Rows of the parameter picked by integers. */
    record Lookup(String ids, String output) implements ParameterUse {
        @Override
        public List<String> values() {
            return List.of(ids);
        }

        @Override
        public GradientFactor factor(PassArrays arrays) {
            return new TokenLookups(arrays.integers(ids), arrays.gradient(output));
        }
    }

    /** {@code y = x + b}, one value a column or for all, or {@code x − b} with a sign of −1. */
    record Shift(String output, double sign, boolean isScalar) implements ParameterUse {
        @Override
        public List<String> values() {
            return List.of();
        }

        @Override
        public GradientFactor factor(PassArrays arrays) {
            INDArray sum = arrays.lentGradient(output).sum(true, summed(isScalar));
            return new WholeGradients(sign == 1 ? sum : sum.muli(sign));
        }
    }

    /** {@code y = x∘g}, one value a column or for all. */
    record Gain(String input, String output, boolean isScalar) implements ParameterUse {
        @Override
        public List<String> values() {
            return List.of(input);
        }

        @Override
        public ParameterUse reading(UnaryOperator<String> names) {
            return new Gain(names.apply(input), output, isScalar);
        }

        @Override
        public GradientFactor factor(PassArrays arrays) {
            try (INDArray products = arrays.lentGradient(output).mul(arrays.lentValue(input))) {
                return new WholeGradients(products.sum(true, summed(isScalar)));
            }
        }
    }

    /** Dimensions of {@code [N, T, p]} that share a value of the parameter. */
    private static int[] summed(boolean isScalar) {
        return isScalar ? new int[] {1, 2} : new int[] {1};
    }
}
