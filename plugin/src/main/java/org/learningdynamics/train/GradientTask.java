package org.learningdynamics.train;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;

/** Which gradients an {@link InfluencePieces} takes and how they are projected, as it travels. */
public final class GradientTask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String loss;
    private final TreeMap<String, Double> parameters;
    private final int paddingId;
    private final TreeSet<String> layers;
    private final GradientProjection.Kind kind;
    private final int dimension;
    private final long seed;
    private final long memoryBytes;

    GradientTask(
            Loss loss,
            int paddingId,
            CheckpointInfluenceOptions options,
            GradientProjection projection) {
        this.loss = loss.name();
        parameters = new TreeMap<>(loss.parameters());
        this.paddingId = paddingId;
        layers = new TreeSet<>(options.layers());
        kind = projection.kind();
        dimension = projection.dimension();
        seed = projection.seed();
        memoryBytes = options.memoryBytes();
    }

    /**
     * All that it says.
     *
     * @return equal for equal tasks
     */
    @Override
    public String toString() {
        return String.join(
                " ",
                loss,
                parameters.toString(),
                Integer.toString(paddingId),
                layers.toString(),
                projection().toString(),
                Long.toString(memoryBytes));
    }

    Loss loss() {
        return Losses.byName(loss, Map.copyOf(parameters));
    }

    GradientProjection projection() {
        return new GradientProjection(kind, dimension, seed);
    }

    int paddingId() {
        return paddingId;
    }

    Set<String> layers() {
        return layers;
    }

    long memoryBytes() {
        return memoryBytes;
    }
}
