package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All inner products between the gradients of the rows that one update learnt from and those of
 * rows that are observed, and between the latter and the parts of the update.
 *
 * <pre>{@code
 * pairs[o][i]  = −scale·⟨∇_o, D∘g_i⟩        (UPDATE; ⟨∇_o, g_i⟩ for DOT, over both norms for COSINE)
 * predicted[o] = ⟨∇_o, Δθ⟩ = fromBatch + fromHistory + fromDecay
 * }</pre>
 *
 * <p>Nothing is approximated. For each parameter {@code [d, p]} the cheaper of two forms is taken:
 * with T and T' positions a row, B learnt and R observed rows, {@code ⟨∂W_o, ∂W_i⟩ = Σ (a_o·a_iᵀ) ∘
 * (δ_o·δ_iᵀ)} costs {@code B·R·T·T'·(d + p)} multiplications and is possible without a
 * preconditioner D; explicit gradients cost {@code d·p·(R·T' + B·T + R·B)}. Explicit gradients are
 * made for blocks of columns, so that no more than the given memory is used at a time. Products are
 * in the model's own type, sums over blocks, parameters and positions in float64.
 *
 * <p>The learnt side is made once and then meets any number of batches of observed rows. It belongs
 * to one thread.
 */
public final class GradientInteractions implements AutoCloseable {
    /** Default of the memory for explicit gradients. */
    public static final long DEFAULT_MEMORY_BYTES = 256L << 20;

    private final List<String> layers;
    private final Map<String, ParameterInteraction> parameters = new LinkedHashMap<>();
    private final InfluenceForm form;
    private final RowGradients learnt;
    private final int learntRows;
    private final BlockMemory memory;
    private final LearntSums sums;

    /**
     * Prepares the learnt side.
     *
     * @param learnt gradient of each learnt row's term of the loss; kept and closed here
     * @param learntScale what makes their sum the gradient that is trained on, such as 1/B where
     *     the host sums over the batch
     * @param updates what the update did with each parameter, by name; read until this is closed,
     *     not closed here; parameters without an entry were not trained
     * @param form what is meant by influence
     * @param memoryBytes for explicit gradients, at least 1 MiB
     * @throws IllegalArgumentException if there is less memory
     */
    public GradientInteractions(
            RowGradients learnt,
            double learntScale,
            Map<String, ParameterUpdate> updates,
            InfluenceForm form,
            long memoryBytes) {
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("memoryBytes must be >= 1 MiB, got " + memoryBytes);
        }
        this.form = form;
        this.learnt = learnt;
        learntRows = learnt.rows();
        List<String> names = new ArrayList<>();
        memory = new BlockMemory(memoryBytes);
        for (FactoredGradient gradient : learnt.parameters()) {
            ParameterMatrix parameter = gradient.parameter();
            @Nullable ParameterUpdate update = updates.get(parameter.name());
            parameters.put(
                    parameter.name(),
                    new ParameterInteraction(gradient, learntScale, update, form, memory));
            if (!names.contains(parameter.layer())) {
                names.add(parameter.layer());
            }
        }
        layers = List.copyOf(names);
        sums = new LearntSums(learntRows);
    }

    /**
     * Meets a batch of observed rows.
     *
     * @param observed their gradients; read, not closed
     * @return all inner products
     */
    public InteractionSums with(RowGradients observed) {
        int rows = observed.rows();
        double[][][] pairs = new double[layers.size()][rows][learntRows];
        double[][] predicted = new double[layers.size()][rows];
        Directions directions = new Directions(rows);
        double[] squares = new double[rows];
        for (FactoredGradient gradient : observed.parameters()) {
            @Nullable ParameterInteraction parameter = parameters.get(gradient.parameter().name());
            if (parameter != null) {
                int layer = layers.indexOf(gradient.parameter().layer());
                parameter.add(
                        gradient,
                        parameter.sink(pairs[layer], predicted[layer], directions, squares),
                        sums);
            }
        }
        double[] norms = roots(squares);
        if (form == InfluenceForm.COSINE) {
            divide(pairs, norms, learntNorms());
        }
        return new InteractionSums(
                layers,
                pairs,
                predicted,
                directions.batch(),
                directions.history(),
                directions.decay(),
                norms);
    }

    private static void divide(double[][][] pairs, double[] observed, double[] learnt) {
        for (double[][] layer : pairs) {
            for (int row = 0; row < layer.length; row++) {
                for (int i = 0; i < learnt.length; i++) {
                    layer[row][i] /= observed[row] * learnt[i];
                }
            }
        }
    }

    /**
     * Norms of the learnt rows' terms g_i of the gradient.
     *
     * @return ‖g_i‖₂ // [learnt]
     */
    public double[] learntNorms() {
        return roots(learnt().squares());
    }

    /**
     * What learnt rows did to each other's terms of the loss, with a positive sign where the loss
     * falls.
     *
     * @return {@code scale·⟨g_i, D∘g_j⟩} for UPDATE, {@code ⟨g_i, g_j⟩} else // [learnt][learnt]
     */
    public double[][] learntGram() {
        double[][] copy = new double[learntRows][];
        for (int i = 0; i < learntRows; i++) {
            copy[i] = learnt().gram()[i].clone();
        }
        return copy;
    }

    /** What no observed row has met yet is made alone. */
    private LearntSums learnt() {
        parameters.values().forEach(parameter -> parameter.addLearnt(sums));
        return sums;
    }

    /**
     * Names of the layer groups, in the order of the parameters.
     *
     * @return names
     */
    public List<String> layers() {
        return layers;
    }

    /**
     * Memory for explicit gradients that is held now, besides the factors.
     *
     * @return bytes, no more than the memory that was given
     */
    public long heldBytes() {
        return memory.bytes();
    }

    private static double[] roots(double[] squares) {
        double[] roots = new double[squares.length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(squares[i]);
        }
        return roots;
    }

    /** Frees the learnt side. */
    @Override
    public void close() {
        parameters.values().forEach(ParameterInteraction::close);
        memory.close();
        learnt.close();
    }
}
