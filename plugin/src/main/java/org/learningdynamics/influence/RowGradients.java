package org.learningdynamics.influence;

import java.util.List;

/**
 * Gradients of N rows with respect to every parameter of a model.
 *
 * @param rows N, at least 1
 * @param parameters one entry a parameter; a parameter that no row depends on is left out
 */
public record RowGradients(int rows, List<FactoredGradient> parameters) implements AutoCloseable {
    /**
     * Checks and copies.
     *
     * @param rows N, at least 1
     * @param parameters each of N rows, with distinct names
     * @throws IllegalArgumentException if a parameter has another number of rows, or comes twice
     */
    public RowGradients {
        parameters = List.copyOf(parameters);
        for (FactoredGradient gradient : parameters) {
            if (gradient.rows() != rows) {
                throw new IllegalArgumentException(
                        "gradients of "
                                + gradient.parameter().name()
                                + " must have "
                                + rows
                                + " rows, got "
                                + gradient.rows());
            }
        }
        long names = parameters.stream().map(g -> g.parameter().name()).distinct().count();
        if (names != parameters.size()) {
            throw new IllegalArgumentException("a parameter must come once, got one twice");
        }
    }

    /**
     * The parameters with respect to which a gradient is NaN or infinite.
     *
     * @return their names, empty if all are finite
     */
    public List<String> nonFiniteParameters() {
        return parameters.stream()
                .filter(gradient -> !gradient.isFinite())
                .map(gradient -> gradient.parameter().name())
                .toList();
    }

    /** Frees all factors. */
    @Override
    public void close() {
        parameters.forEach(FactoredGradient::close);
    }
}
