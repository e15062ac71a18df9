package org.learningdynamics.influence;

import java.util.List;

/**
 * Gradients of N rows with respect to one parameter: the sum of one factor a use of the parameter,
 * so that tied weights have several.
 *
 * @param parameter the parameter
 * @param factors at least one, all of N rows
 */
public record FactoredGradient(ParameterMatrix parameter, List<GradientFactor> factors)
        implements AutoCloseable {
    /**
     * Checks and copies.
     *
     * @param parameter the parameter
     * @param factors at least one, all of N rows
     * @throws IllegalArgumentException if there is none or they differ in rows
     */
    public FactoredGradient {
        factors = List.copyOf(factors);
        if (factors.stream().mapToInt(GradientFactor::rows).distinct().count() != 1) {
            throw new IllegalArgumentException(
                    "factors of "
                            + parameter.name()
                            + " must have the same number of rows, got "
                            + factors.stream().map(GradientFactor::rows).toList());
        }
    }

    /**
     * Number of rows.
     *
     * @return N
     */
    public int rows() {
        return factors.get(0).rows();
    }

    /** Frees the factors. */
    @Override
    public void close() {
        factors.forEach(GradientFactor::close);
    }
}
