package org.learningdynamics.influence;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    /**
     * The gradients themselves, of some columns: the sum over the factors.
     *
     * @param from first column
     * @param to column after the last
     * @return a new array // [N, d, to − from]
     */
    public INDArray explicit(long from, long to) {
        GradientFactor first = first();
        INDArray sum = first.gradients(parameter, from, to);
        for (GradientFactor factor : factors) {
            if (factor == first) {
                continue;
            }
            if (factor instanceof TokenLookups lookups) {
                lookups.addTo(sum, parameter, from, to);
            } else {
                try (INDArray term = factor.gradients(parameter, from, to)) {
                    sum.addi(term);
                }
            }
        }
        return sum;
    }

    /** Lookups are added to what is there, so that they need no zeros. */
    private GradientFactor first() {
        return factors.stream()
                .filter(factor -> !(factor instanceof TokenLookups))
                .findFirst()
                .orElse(factors.get(0));
    }

    /** Some rows, in views that must not be closed. */
    FactoredGradient part(int fromRow, int toRow) {
        if (fromRow == 0 && toRow == rows()) {
            return this;
        }
        return new FactoredGradient(
                parameter, factors.stream().map(factor -> factor.part(fromRow, toRow)).toList());
    }

    boolean isFinite() {
        return factors.stream().allMatch(GradientFactor::isFinite);
    }

    /** Frees the factors. */
    @Override
    public void close() {
        factors.forEach(GradientFactor::close);
    }
}
