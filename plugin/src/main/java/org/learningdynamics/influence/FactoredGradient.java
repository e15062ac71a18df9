package org.learningdynamics.influence;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
     * @throws IllegalArgumentException if there is none, they differ in rows, or one looks up a row
     *     that the parameter does not have
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
        for (GradientFactor factor : factors) {
            if (factor instanceof TokenLookups lookups) {
                lookups.requireBelow(parameter.rows());
            }
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
        GradientBlock block = GradientBlock.columns(this, from, to);
        INDArray sum =
                Nd4j.createUninitialized(
                        type(), new long[] {rows(), block.height(), block.width()}, 'c');
        write(block, sum);
        return sum;
    }

    /** The same gradients from as few positions as they take, in views that must not be closed. */
    FactoredGradient trimmed() {
        return new FactoredGradient(
                parameter,
                factors.stream()
                        .map(f -> f instanceof OuterProducts outer ? outer.trimmed() : f)
                        .toList());
    }

    /** Writes a part of the gradients // [block's rows, height, width]. */
    void write(GradientBlock block, INDArray target) {
        GradientFactor first = first();
        first.write(block, target, false);
        for (GradientFactor factor : factors) {
            if (factor != first) {
                factor.write(block, target, true);
            }
        }
    }

    /** Lookups are added to what is there, so that they need no zeros. */
    private GradientFactor first() {
        return factors.stream()
                .filter(factor -> !(factor instanceof TokenLookups))
                .findFirst()
                .orElse(factors.get(0));
    }

    /** The type of the gradients. */
    DataType type() {
        return factors.get(0).type();
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
