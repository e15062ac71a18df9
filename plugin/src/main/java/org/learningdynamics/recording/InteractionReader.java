package org.learningdynamics.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads from a run file which example moved which response, one row at a time; opened by {@link
 * RunFileReader#interactions()} and bound by its rules. A file of format version 1 has no such
 * rows.
 *
 * <p>Residuals and influence matrices are about a whole recording, blocks of the kernel about all
 * kinds of a probe: their filters must not choose by what they have not.
 */
public final class InteractionReader {
    private static final String INFLUENCE =
            "SELECT step, layer, part, form, examples, responses, value FROM influence";

    private final RunFileReader file;

    InteractionReader(RunFileReader file) {
        this.file = file;
    }

    /**
     * The columns of every influence matrix: all responses by probe and kind.
     *
     * @return one row a column
     * @throws RunFileException if the file cannot be read
     */
    public List<ResponseRow> responseAxis() {
        List<ResponseRow> axis = new ArrayList<>();
        file.each(
                "SELECT probe, kind, text, tokens FROM response ORDER BY probe, kind",
                Rows::response,
                axis::add);
        return List.copyOf(axis);
    }

    /**
     * The responses of {@link #responseAxis()} that changes were measured of; the columns of the
     * others hold nothing but NaN.
     *
     * @return in the order of the axis; the whole axis if the run tells of no change
     * @throws RunFileException if the file cannot be read
     */
    public List<ResponseRow> measuredResponses() {
        List<ResponseRow> measured = new ArrayList<>();
        file.eachIfPresent(
                "SELECT probe, kind, text, tokens FROM response WHERE (probe, kind) IN"
                        + " (SELECT probe, kind FROM shift) ORDER BY probe, kind",
                Rows::response,
                measured::add);
        return measured.isEmpty() ? responseAxis() : List.copyOf(measured);
    }

    /**
     * Hands over the learnt responses by step, position and part.
     *
     * @param filter which recordings
     * @param action called for each row
     * @throws IllegalArgumentException if the filter chooses kinds or probes
     * @throws RunFileException if the file cannot be read
     */
    public void forEachResidual(RowFilter filter, Consumer<ResidualRow> action) {
        filter.requireNoKinds("residuals");
        filter.requireNoProbes("residuals");
        each(
                "SELECT step, position, part, example, coefficient, a_norm, g_norm, grad_norm,"
                        + " self_influence, tokens FROM residual",
                filter,
                "step, position, part",
                InteractionRows::residual,
                action);
    }

    /**
     * The learnt responses by step, position and part, all in memory.
     *
     * @param filter which recordings
     * @return the rows
     * @throws IllegalArgumentException if the filter chooses kinds or probes
     * @throws RunFileException if the file cannot be read
     */
    public List<ResidualRow> residuals(RowFilter filter) {
        List<ResidualRow> rows = new ArrayList<>();
        forEachResidual(filter, rows::add);
        return rows;
    }

    /**
     * Hands over the influence matrices of every layer by step, layer and part.
     *
     * @param filter which recordings
     * @param action called for each matrix
     * @throws IllegalArgumentException if the filter chooses kinds or probes
     * @throws RunFileException if the file cannot be read
     */
    public void forEachInfluence(RowFilter filter, Consumer<InfluenceBlock> action) {
        requireWholeRecordings(filter);
        each(INFLUENCE, filter, "step, layer, part", InteractionRows::influence, action);
    }

    /**
     * Hands over the influence matrices of one layer and part by step; no others are read.
     *
     * @param filter which recordings
     * @param layer the layer group, {@link InfluenceBlock#ALL_LAYERS} for all together
     * @param part the part, {@link InfluenceBlock#WHOLE} for whole examples
     * @param action called for each matrix
     * @throws IllegalArgumentException if the filter chooses kinds or probes
     * @throws RunFileException if the file cannot be read
     */
    public void forEachInfluence(
            RowFilter filter, String layer, String part, Consumer<InfluenceBlock> action) {
        requireWholeRecordings(filter);
        file.eachIfPresent(
                INFLUENCE + filter.where() + " AND layer = ? AND part = ? ORDER BY step",
                InteractionRows::influence,
                action,
                filter.firstStep(),
                filter.lastStep(),
                layer,
                part);
    }

    private static void requireWholeRecordings(RowFilter filter) {
        filter.requireNoKinds("influences");
        filter.requireNoProbes("influences");
    }

    /**
     * The layer groups with influence matrices, sorted; the empty name is all layers together.
     *
     * @return the names
     * @throws RunFileException if the file cannot be read
     */
    public List<String> layers() {
        return names("SELECT DISTINCT layer FROM influence ORDER BY layer");
    }

    /**
     * The parts with influence matrices, sorted; the empty name is whole examples.
     *
     * @return the names
     * @throws RunFileException if the file cannot be read
     */
    public List<String> parts() {
        return names("SELECT DISTINCT part FROM influence ORDER BY part");
    }

    /**
     * The recordings that have an influence matrix of a layer and part, ascending; no matrix is
     * read.
     *
     * @param layer the layer group, {@link InfluenceBlock#ALL_LAYERS} for all together
     * @param part the part, {@link InfluenceBlock#WHOLE} for whole examples
     * @return their steps
     * @throws RunFileException if the file cannot be read
     */
    public List<Long> influenceSteps(String layer, String part) {
        List<Long> steps = new ArrayList<>();
        file.eachIfPresent(
                "SELECT step FROM influence WHERE layer = ? AND part = ? ORDER BY step",
                row -> row.getLong(1),
                steps::add,
                layer,
                part);
        return List.copyOf(steps);
    }

    private List<String> names(String sql) {
        List<String> names = new ArrayList<>();
        file.eachIfPresent(sql, row -> row.getString(1), names::add);
        return List.copyOf(names);
    }

    /**
     * Hands over the influences on single tokens by step, probe, kind and position.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachTokenInfluence(RowFilter filter, Consumer<TokenInfluenceRow> action) {
        each(
                "SELECT step, probe, kind, position, examples, value FROM influence_token",
                filter,
                "step, probe, kind, position",
                InteractionRows::tokenInfluence,
                action);
    }

    /**
     * Hands over the predicted and actual changes by step, probe and kind.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachShift(RowFilter filter, Consumer<ShiftRow> action) {
        each(
                "SELECT step, probe, kind, predicted, from_batch, from_history, from_decay,"
                        + " from_statistics, unattributed, actual FROM shift",
                filter,
                "step, probe, kind",
                InteractionRows::shift,
                action);
    }

    /**
     * The predicted and actual changes by step, probe and kind, all in memory.
     *
     * @param filter which rows
     * @return the rows
     * @throws RunFileException if the file cannot be read
     */
    public List<ShiftRow> shifts(RowFilter filter) {
        List<ShiftRow> rows = new ArrayList<>();
        forEachShift(filter, rows::add);
        return rows;
    }

    /**
     * Hands over the numbers about the kernel by step, name, probe, kind and position.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachKernel(RowFilter filter, Consumer<KernelRow> action) {
        each(
                "SELECT step, name, probe, kind, position, value, standard_error FROM kernel",
                filter,
                "step, name, probe, kind, position",
                InteractionRows::kernel,
                action);
    }

    /**
     * Hands over the blocks of the kernel by step, probe and position.
     *
     * @param filter which recordings and probes
     * @param action called for each block
     * @throws IllegalArgumentException if the filter chooses kinds
     * @throws RunFileException if the file cannot be read
     */
    public void forEachKernelBlock(RowFilter filter, Consumer<KernelBlock> action) {
        filter.requireNoKinds("blocks of the kernel");
        each(
                "SELECT step, probe, position, classes, value FROM kernel_block",
                filter,
                "step, probe, position",
                InteractionRows::kernelBlock,
                action);
    }

    /**
     * Hands over the stored attributions by example, probe and kind.
     *
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachAttribution(Consumer<AttributionRow> action) {
        file.eachIfPresent(
                "SELECT example, probe, kind, total, recordings FROM attribution ORDER BY example,"
                        + " probe, kind",
                InteractionRows::attribution,
                action);
    }

    /**
     * Hands over what examples do to themselves by example, as a job over checkpoints left it.
     *
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachSelfInfluence(Consumer<SelfInfluenceRow> action) {
        file.eachIfPresent(
                "SELECT example, total, recordings FROM self_influence ORDER BY example",
                InteractionRows::selfInfluence,
                action);
    }

    /**
     * What a job over checkpoints has done, by checkpoint and block.
     *
     * @return the pieces whose sums are stored
     * @throws RunFileException if the file cannot be read
     */
    public List<ScoredBlock> scoredBlocks() {
        List<ScoredBlock> blocks = new ArrayList<>();
        file.eachIfPresent(
                "SELECT checkpoint, block FROM attribution_progress ORDER BY checkpoint, block",
                InteractionRows::scoredBlock,
                blocks::add);
        return List.copyOf(blocks);
    }

    private <T> void each(
            String select,
            RowFilter filter,
            String order,
            Rows.Mapping<T> mapping,
            Consumer<T> action) {
        file.eachIfPresent(
                select + filter.where() + " ORDER BY " + order,
                mapping,
                action,
                filter.arguments());
    }
}
