package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.train.ExampleBlock;
import org.learningdynamics.train.GradientTask;
import org.learningdynamics.train.ProjectedAttribution;
import org.learningdynamics.train.ProjectedExample;
import org.learningdynamics.train.ProjectedGradients;

/**
 * The work of a task: projected gradients of some blocks at one checkpoint.
 *
 * @param checkpoint its iteration
 * @param name its file's, for messages
 * @param model its files
 * @param task which gradients
 */
record GradientPasses(long checkpoint, String name, ShippedModel model, GradientTask task)
        implements Serializable {
    static final String CHECKPOINT = "checkpoint";
    static final String BLOCK = "block";

    /** Columns of the probe rows' gradients. */
    static final StructType PROBES =
            new StructType()
                    .add(CHECKPOINT, DataTypes.LongType, false)
                    .add(BLOCK, DataTypes.LongType, false)
                    .add("probe", DataTypes.LongType, false)
                    .add("kind", DataTypes.StringType, false)
                    .add("square", DataTypes.DoubleType, false)
                    .add("vector", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

    /** Columns of the examples' gradients. */
    static final StructType EXAMPLES =
            new StructType()
                    .add(CHECKPOINT, DataTypes.LongType, false)
                    .add(BLOCK, DataTypes.LongType, false)
                    .add("example", DataTypes.LongType, false)
                    .add("part", DataTypes.StringType, false)
                    .add("square", DataTypes.DoubleType, false)
                    .add("not_finite", DataTypes.StringType, false)
                    .add("vector", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

    /**
     * A block of probe rows, as it travels.
     *
     * @param number its place among the blocks
     * @param rows the rows
     */
    record ProbeBlock(int number, ArrayList<EncodedProbeRow> rows) implements Serializable {}

    Iterator<Row> probes(Iterator<byte[]> blocks) {
        return with(blocks, (gradients, payload, rows) -> addProbes(gradients, payload, rows));
    }

    private void addProbes(ProjectedGradients gradients, byte[] payload, List<Row> rows) {
        ProbeBlock block = Payload.read(payload, ProbeBlock.class);
        double[][] vectors = gradients.probes(block.rows());
        for (int i = 0; i < vectors.length; i++) {
            EncodedProbeRow probe = block.rows().get(i);
            rows.add(
                    RowFactory.create(
                            checkpoint,
                            (long) block.number(),
                            (long) probe.probe(),
                            probe.kind(),
                            ProjectedAttribution.square(vectors[i]),
                            vectors[i]));
        }
    }

    Iterator<Row> examples(Iterator<byte[]> blocks) {
        return with(blocks, (gradients, payload, rows) -> addExamples(gradients, payload, rows));
    }

    private void addExamples(ProjectedGradients gradients, byte[] payload, List<Row> rows) {
        ExampleBlock block = Payload.read(payload, ExampleBlock.class);
        for (ProjectedExample it : gradients.examples(block)) {
            rows.add(
                    RowFactory.create(
                            checkpoint,
                            (long) block.number(),
                            it.example(),
                            it.part(),
                            it.square(),
                            it.notFinite(),
                            it.vector()));
        }
    }

    /** Adds the rows of a block. */
    @FunctionalInterface
    private interface BlockRows {
        void add(ProjectedGradients gradients, byte[] payload, List<Row> rows);
    }

    private Iterator<Row> with(Iterator<byte[]> blocks, BlockRows work) {
        List<Row> rows = new ArrayList<>();
        if (!blocks.hasNext()) {
            return rows.iterator();
        }
        try (ExecutorModels.Lease lease = ExecutorModels.lease(model)) {
            ProjectedGradients gradients = lease.gradients(name, task);
            boolean worked = false;
            try {
                blocks.forEachRemaining(payload -> work.add(gradients, payload, rows));
                worked = true;
            } finally {
                if (worked) {
                    lease.giveBack(task, gradients);
                } else {
                    gradients.close();
                }
            }
        }
        return rows.iterator();
    }
}
