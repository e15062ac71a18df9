package org.learningdynamics.influence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterInteraction.Setting;

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
 * <p>The learnt side is made once, from all of its rows or from some at a time ({@link #ofParts}),
 * and then meets any number of batches of observed rows. It belongs to one thread.
 */
public final class GradientInteractions implements AutoCloseable {
    /** Default of the memory for explicit gradients. */
    public static final long DEFAULT_MEMORY_BYTES = 256L << 20;

    private final Map<String, ParameterInteraction> parameters = new LinkedHashMap<>();
    private final InfluenceForm form;
    private final Runnable freeLearnt;
    private final int learntRows;
    private final BlockMemory memory;
    private final LearntSums sums;
    private List<String> layers = List.of();

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
        this(learnt.rows(), form, memoryBytes, learnt::close);
        Setting setting = new Setting(learntScale, form, memory);
        add(
                learnt,
                gradient ->
                        ParameterInteraction.of(
                                gradient, updates.get(gradient.parameter().name()), setting));
    }

    private GradientInteractions(
            int learntRows, InfluenceForm form, long memoryBytes, Runnable freeLearnt) {
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("memoryBytes must be >= 1 MiB, got " + memoryBytes);
        }
        this.learntRows = learntRows;
        this.form = form;
        this.freeLearnt = freeLearnt;
        memory = new BlockMemory(memoryBytes);
        sums = new LearntSums(learntRows);
    }

    private void add(
            RowGradients gradients, Function<FactoredGradient, ParameterInteraction> interaction) {
        for (FactoredGradient gradient : gradients.parameters()) {
            parameters.put(gradient.parameter().name(), interaction.apply(gradient));
        }
        layers =
                gradients.parameters().stream().map(g -> g.parameter().layer()).distinct().toList();
    }

    /**
     * Prepares the learnt side from some of its rows at a time. Of each part the explicit gradients
     * are made and the factors freed before the next part is asked for. That takes {@code
     * 4·rows·parameters} bytes in float32, besides the given memory and the factors of one part,
     * and is less than the factors of all rows together with what is made of them again for every
     * batch of observed rows, where there are many positions for the width of the model.
     *
     * @param rows learnt rows of all parts
     * @param parts gradients of rows in order; each is closed here before the next is asked for
     * @param learntScale as for factors
     * @param updates as for factors
     * @param form what is meant by influence
     * @param memoryBytes for explicit gradients of observed rows, at least 1 MiB
     * @return the learnt side
     * @throws IllegalArgumentException if there is less memory, the parts do not have as many rows
     *     together, or not the same parameters
     */
    public static GradientInteractions ofParts(
            int rows,
            Iterable<RowGradients> parts,
            double learntScale,
            Map<String, ParameterUpdate> updates,
            InfluenceForm form,
            long memoryBytes) {
        GradientInteractions made = new GradientInteractions(rows, form, memoryBytes, () -> {});
        try {
            Setting setting = new Setting(learntScale, form, made.memory);
            int first = 0;
            for (RowGradients part : parts) {
                try (part) {
                    made.gather(part, first, updates, setting);
                    first += part.rows();
                }
            }
            if (first != rows) {
                throw new IllegalArgumentException(
                        "parts must have " + rows + " rows together, got " + first);
            }
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private void gather(
            RowGradients part, int first, Map<String, ParameterUpdate> updates, Setting setting) {
        if (first + part.rows() > learntRows) {
            throw new IllegalArgumentException(
                    "parts must have "
                            + learntRows
                            + " rows together, got "
                            + (first + part.rows())
                            + " or more");
        }
        if (first == 0) {
            add(
                    part,
                    gradient ->
                            ParameterInteraction.gathering(
                                    gradient,
                                    learntRows,
                                    updates.get(gradient.parameter().name()),
                                    setting));
        }
        List<String> names = part.parameters().stream().map(g -> g.parameter().name()).toList();
        if (!List.copyOf(parameters.keySet()).equals(names)) {
            throw new IllegalArgumentException(
                    "parts must have the parameters " + parameters.keySet() + ", got " + names);
        }
        for (FactoredGradient gradient : part.parameters()) {
            Objects.requireNonNull(parameters.get(gradient.parameter().name()))
                    .gather(gradient, first);
        }
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
     * @return bytes, no more than the memory that was given and the learnt rows' explicit gradients
     *     if they came in parts
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
        freeLearnt.run();
    }
}
