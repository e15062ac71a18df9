package org.learningdynamics.train;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.InfluenceForm;

/**
 * What {@link CheckpointInfluence} adds up, and in pieces of what size.
 *
 * @param form {@link InfluenceForm#DOT} or {@link InfluenceForm#COSINE}
 * @param layers the layer groups that count, such as {@code block0/attention}; all if empty
 * @param projection projects gradients before their products are taken; exact products if absent
 * @param blockExamples examples of a block, what is lost at most when a job is killed
 * @param blockProbes probe rows of a pass
 * @param memoryBytes for probes' gradients that are kept from block to block, and as much again for
 *     explicit gradients
 */
public record CheckpointInfluenceOptions(
        InfluenceForm form,
        Set<String> layers,
        Optional<GradientProjection> projection,
        int blockExamples,
        int blockProbes,
        long memoryBytes) {
    /** Default {@link #blockExamples}. */
    public static final int DEFAULT_BLOCK_EXAMPLES = 16;

    /** Default {@link #blockProbes}. */
    public static final int DEFAULT_BLOCK_PROBES = 32;

    /**
     * Checks and copies.
     *
     * @param form dot or cosine
     * @param layers the layer groups that count
     * @param projection of gradients
     * @param blockExamples at least 1
     * @param blockProbes at least 1
     * @param memoryBytes at least 1 MiB
     * @throws IllegalArgumentException if the form is another or a number too small
     */
    public CheckpointInfluenceOptions {
        layers = Set.copyOf(layers);
        if (form == InfluenceForm.UPDATE) {
            throw new IllegalArgumentException(
                    "form must be dot or cosine where only checkpoints are known, got update");
        }
        if (blockExamples < 1 || blockProbes < 1) {
            throw new IllegalArgumentException(
                    "blockExamples and blockProbes must be >= 1, got "
                            + blockExamples
                            + " and "
                            + blockProbes);
        }
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("memoryBytes must be >= 1 MiB, got " + memoryBytes);
        }
    }

    /**
     * Exact inner products over all layers, 16 examples and 32 probe rows at a time.
     *
     * @return the options
     */
    public static CheckpointInfluenceOptions defaults() {
        return new CheckpointInfluenceOptions(
                InfluenceForm.DOT,
                Set.of(),
                Optional.empty(),
                DEFAULT_BLOCK_EXAMPLES,
                DEFAULT_BLOCK_PROBES,
                GradientInteractions.DEFAULT_MEMORY_BYTES);
    }

    /**
     * The same with another form.
     *
     * @param other dot or cosine
     * @return new options
     */
    public CheckpointInfluenceOptions withForm(InfluenceForm other) {
        return new CheckpointInfluenceOptions(
                other, layers, projection, blockExamples, blockProbes, memoryBytes);
    }

    /**
     * The same for some layers alone. Backward passes cost as much as for all.
     *
     * @param groups layer groups, all if empty
     * @return new options
     */
    public CheckpointInfluenceOptions withLayers(Collection<String> groups) {
        return new CheckpointInfluenceOptions(
                form, Set.copyOf(groups), projection, blockExamples, blockProbes, memoryBytes);
    }

    /**
     * The same with projected gradients.
     *
     * @param chosen the projection
     * @return new options
     */
    public CheckpointInfluenceOptions withProjection(GradientProjection chosen) {
        return new CheckpointInfluenceOptions(
                form, layers, Optional.of(chosen), blockExamples, blockProbes, memoryBytes);
    }

    /**
     * The same with other blocks.
     *
     * @param examples of a block, at least 1
     * @param probes rows of a pass, at least 1
     * @return new options
     */
    public CheckpointInfluenceOptions withBlocks(int examples, int probes) {
        return new CheckpointInfluenceOptions(
                form, layers, projection, examples, probes, memoryBytes);
    }

    /**
     * The same with other memory.
     *
     * @param bytes at least 1 MiB
     * @return new options
     */
    public CheckpointInfluenceOptions withMemoryBytes(long bytes) {
        return new CheckpointInfluenceOptions(
                form, layers, projection, blockExamples, blockProbes, bytes);
    }

    /**
     * What decides the numbers, by name; {@code products} is how many a projection is asked for.
     */
    Map<String, String> describe(long products) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("influence.form", form.recordedName());
        all.put(
                "influence.layers",
                layers.isEmpty() ? "all" : String.join(" ", new TreeSet<>(layers)));
        all.put("influence.block_examples", Integer.toString(blockExamples));
        all.put(
                "influence.projection",
                projection.map(CheckpointInfluenceOptions::name).orElse("none"));
        projection.ifPresent(
                chosen -> {
                    all.put(
                            "influence.projection_standard_error",
                            Double.toString(chosen.standardError()));
                    all.put(
                            "influence.projection_bound_95",
                            Double.toString(chosen.uniformBound(products)));
                });
        return all;
    }

    private static String name(GradientProjection chosen) {
        return chosen.kind().recordedName()
                + " dimension="
                + chosen.dimension()
                + " seed="
                + chosen.seed();
    }
}
