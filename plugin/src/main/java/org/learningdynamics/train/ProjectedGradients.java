package org.learningdynamics.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.ResidualRow;

/**
 * Projected gradients at one checkpoint, the same as {@link CheckpointInfluence} takes, bit for bit
 * for the same blocks on the same kind of processor and number of threads. For one thread.
 *
 * <p>Cost: two forward passes and a backward one for a block of examples, one of each for probe
 * rows, and the projection's own.
 */
public final class ProjectedGradients implements AutoCloseable {
    private final CheckpointModel model;
    private final GradientProjection projection;
    private final long memoryBytes;

    private ProjectedGradients(CheckpointModel model, GradientTask task) {
        this.model = model;
        projection = task.projection();
        memoryBytes = task.memoryBytes();
    }

    /**
     * Gradients of a model.
     *
     * @param model shared with others, read only and left open
     * @param name the model's in messages
     * @param task which gradients
     * @return gradients in graphs of their own
     * @throws IllegalArgumentException if a chosen layer is none of the model's
     */
    public static ProjectedGradients of(DecoderModel model, String name, GradientTask task) {
        return new ProjectedGradients(
                CheckpointModel.shared(
                        model, task.loss(), Path.of(name), task.paddingId(), task.layers()),
                task);
    }

    /**
     * Of the log-probabilities of probe rows.
     *
     * @param rows a block of probe rows
     * @return one projection a row // [rows][k]
     */
    public double[][] probes(List<EncodedProbeRow> rows) {
        try (RowGradients gradients = model.probes(rows)) {
            return projection.project(gradients, memoryBytes);
        }
    }

    /**
     * Of the losses of examples.
     *
     * @param block the examples
     * @return one projection a response: all first ones, then all second ones
     * @throws org.learningdynamics.data.DataException if a log-probability is not finite
     */
    public List<ProjectedExample> examples(ExampleBlock block) {
        try (RowGradients gradients = model.examples(block.items(), block.reference())) {
            double[][] rows = projection.project(gradients, memoryBytes);
            BlockProducts own =
                    BlockProducts.of(
                            new double[0][],
                            new double[0],
                            ProjectedProducts.products(rows, rows),
                            gradients);
            return projected(block.items(), rows, own);
        }
    }

    private static List<ProjectedExample> projected(
            List<TrainingItem> items, double[][] rows, BlockProducts own) {
        BlockSums sums = new BlockSums(1, InfluenceForm.DOT, own, items.size());
        String notFinite = own.notFinite().isEmpty() ? "" : InfluenceJob.some(own.notFinite());
        List<ProjectedExample> projected = new ArrayList<>();
        for (int row = 0; row < rows.length; row++) {
            int e = row % items.size();
            TrainingItem item = items.get(e);
            String part = part(item.responses().size(), row / items.size());
            projected.add(
                    new ProjectedExample(
                            item.example(), part, sums.square(e), notFinite, rows[row]));
        }
        return projected;
    }

    private static String part(int responses, int place) {
        if (responses == 1) {
            return ResidualRow.RESPONSE;
        }
        return place == 0 ? ResidualRow.CHOSEN : ResidualRow.REJECTED;
    }

    /** Frees the graphs; the model stays open. */
    @Override
    public void close() {
        model.close();
    }
}
