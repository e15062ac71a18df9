package org.learningdynamics.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunHeader;

/**
 * A {@link CheckpointInfluence} with a projection, in pieces that other processes can work on: the
 * very blocks that it works on itself. Read only; for one thread.
 */
public final class InfluencePieces {
    private final InfluenceJob job;
    private final GradientProjection projection;

    InfluencePieces(InfluenceJob job) {
        this.job = job;
        projection =
                job.options()
                        .projection()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "projection must be given where gradients"
                                                        + " travel, got none"));
    }

    /**
     * Opens the first checkpoint and the reference, as a job does before it makes a file.
     *
     * @throws org.learningdynamics.data.DataException if one cannot be read or does not fit
     * @throws IllegalArgumentException if a chosen layer is none of the model's
     */
    public void requireFitting() {
        job.requireFitting();
    }

    /**
     * The checkpoints.
     *
     * @return by iteration
     */
    public List<Checkpoint> checkpoints() {
        return job.checkpoints();
    }

    /**
     * The reference model of a loss that needs one.
     *
     * @return its file
     */
    public Optional<Path> reference() {
        return job.reference();
    }

    /**
     * Which inner products are added up.
     *
     * @return dot or cosine
     */
    public InfluenceForm form() {
        return job.options().form();
    }

    /**
     * Length of a projected gradient.
     *
     * @return k
     */
    public int dimension() {
        return projection.dimension();
    }

    /**
     * Which gradients are taken.
     *
     * @return what a process needs beside a model
     */
    public GradientTask task() {
        return new GradientTask(
                job.training().loss(),
                job.data().tokenizer().paddingId(),
                job.options(),
                projection);
    }

    /**
     * Blocks of probe rows.
     *
     * @return rows by length, those of a pass together
     */
    public List<List<EncodedProbeRow>> probeBlocks() {
        List<EncodedProbeRow> rows = job.probeRows();
        return Blocks.of(rows.size(), job.options().blockProbes()).stream()
                .map(block -> block.stream().map(rows::get).toList())
                .toList();
    }

    /**
     * Number of blocks of examples.
     *
     * @return at least 1
     */
    public int blocks() {
        return job.blocks().size();
    }

    /**
     * A block of examples.
     *
     * @param number from 0
     * @param reference log-probabilities of all responses under the reference, in the order of
     *     {@link #responses}; zeros without one (nats)
     * @return the block
     */
    public ExampleBlock block(int number, double[] reference) {
        List<Integer> places = job.blocks().get(number);
        int from = places.get(0);
        int to = from + places.size();
        int responses = job.items().get(0).responses().size();
        double[] own = Arrays.copyOfRange(reference, from * responses, to * responses);
        return new ExampleBlock(number, job.items().subList(from, to), job.byExample(own));
    }

    /**
     * All responses of the examples.
     *
     * @return in the order of the blocks
     */
    public List<EncodedResponse> responses() {
        return job.responses();
    }

    /**
     * The header of the job's run file.
     *
     * @return provenance and every setting that decides the numbers
     */
    public RunHeader header() {
        return job.header();
    }

    /**
     * The examples as a run file knows them.
     *
     * @return in the order in which they were given
     */
    public List<ExampleRow> exampleRows() {
        return job.data().rows();
    }

    /**
     * The probes as a run file knows them.
     *
     * @return in the order in which they were given
     */
    public List<ProbeRow> probeRows() {
        return job.watched().probeRows();
    }

    /**
     * The probes' responses as a run file knows them.
     *
     * @return in the order in which they were given
     */
    public List<ResponseRow> responseRows() {
        return job.watched().responseRows();
    }

    /**
     * Learning rates.
     *
     * @return by iteration
     */
    public Map<Long, Double> rates() {
        Map<Long, Double> rates = new TreeMap<>();
        checkpoints().forEach(c -> rates.put(c.iteration(), c.learningRate()));
        return rates;
    }

    /**
     * What a job notes of a block whose gradients are not finite.
     *
     * @param iteration the checkpoint
     * @param parameters {@link ProjectedExample#notFinite}
     * @return the event
     */
    public static Event notFinite(long iteration, String parameters) {
        return InfluenceJob.notFinite(iteration, parameters);
    }
}
