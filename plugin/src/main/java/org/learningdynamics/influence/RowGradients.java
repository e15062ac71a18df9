package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of N rows with respect to every parameter of a model.
 *
 * @param rows N, at least 1
 * @param parameters one entry a parameter; a parameter that no row depends on is left out
 * @param free frees the memory that factors are views of, or gives it to a later pass
 */
public record RowGradients(int rows, List<FactoredGradient> parameters, Runnable free)
        implements AutoCloseable {
    /**
     * Checks and copies.
     *
     * @param rows N, at least 1
     * @param parameters each of N rows, with distinct names
     * @param free frees what factors are views of
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
     * Gradients whose factors own their arrays.
     *
     * @param rows N, at least 1
     * @param parameters each of N rows, with distinct names
     */
    public RowGradients(int rows, List<FactoredGradient> parameters) {
        this(rows, parameters, () -> {});
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

    /**
     * The gradients with respect to some layer groups alone; the factors of others are freed.
     *
     * @param layers names of the groups that stay
     * @return what is left, which takes the place of this
     */
    public RowGradients ofLayers(Set<String> layers) {
        List<FactoredGradient> left = new ArrayList<>();
        for (FactoredGradient gradient : parameters) {
            if (layers.contains(gradient.parameter().layer())) {
                left.add(gradient);
            } else {
                gradient.close();
            }
        }
        return new RowGradients(rows, left, free);
    }

    /**
     * Memory of all factors; what several of them share counts once.
     *
     * @return bytes
     */
    public long bytes() {
        IdentityHashMap<DataBuffer, Long> memory = new IdentityHashMap<>();
        for (FactoredGradient gradient : parameters) {
            for (GradientFactor factor : gradient.factors()) {
                for (INDArray array : factor.arrays()) {
                    DataBuffer whole = array.data().originalDataBuffer();
                    DataBuffer buffer = whole == null ? array.data() : whole;
                    memory.put(buffer, buffer.length() * buffer.getElementSize());
                }
            }
        }
        return memory.values().stream().mapToLong(bytes -> bytes).sum();
    }

    /** Frees all factors. */
    @Override
    public void close() {
        parameters.forEach(FactoredGradient::close);
        free.run();
    }
}
