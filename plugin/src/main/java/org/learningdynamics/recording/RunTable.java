package org.learningdynamics.recording;

import static org.learningdynamics.recording.TableColumn.anyLong;
import static org.learningdynamics.recording.TableColumn.count;
import static org.learningdynamics.recording.TableColumn.counter;
import static org.learningdynamics.recording.TableColumn.emptyOrFilled;
import static org.learningdynamics.recording.TableColumn.filled;
import static org.learningdynamics.recording.TableColumn.floats;
import static org.learningdynamics.recording.TableColumn.id;
import static org.learningdynamics.recording.TableColumn.measuredByRow;
import static org.learningdynamics.recording.TableColumn.oneOf;
import static org.learningdynamics.recording.TableColumn.optional;
import static org.learningdynamics.recording.TableColumn.real;
import static org.learningdynamics.recording.TableColumn.text;
import static org.learningdynamics.recording.TableColumn.whole;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tables of a run file with their columns, in an order in which they can be written again. The
 * document of the run file says what each column means.
 */
public enum RunTable {
    /** Provenance. */
    HEADER("key", filled("key"), text("value")),
    /** Watched prompts. */
    PROBE("probe", id("probe"), filled("digest"), text("set_name"), text("prompt")),
    /** Responses of the probes, in the order to show their kinds in. */
    RESPONSE("rowid", id("probe"), filled("kind"), text("text"), count("tokens")),
    /** Training examples. */
    EXAMPLE("example", anyLong("example"), text("digest"), text("prompt")),
    /** Recordings. */
    STEP(
            "step",
            counter("step"),
            counter("iteration"),
            id("epoch"),
            anyLong("time_ms"),
            measuredByRow("loss"),
            optional("learning_rate"),
            optional("grad_norm"),
            optional("step_ms"),
            optional("overhead_ms")),
    /** Scalars of training iterations. */
    METRIC("name, iteration", counter("iteration"), filled("name"), real("value")),
    /** Measures of one response at one recording. */
    LIKELIHOOD(
            "step, probe, kind",
            counter("step"),
            id("probe"),
            filled("kind"),
            measuredByRow("log_prob"),
            measuredByRow("argmax_log_prob"),
            measuredByRow("rest_log_prob"),
            measuredByRow("peakiness"),
            measuredByRow("gap"),
            measuredByRow("energy"),
            measuredByRow("entropy"),
            count("tokens")),
    /** Single response tokens. */
    TOKEN(
            "step, probe, kind, position",
            counter("step"),
            id("probe"),
            filled("kind"),
            count("position"),
            real("log_prob"),
            id("argmax")),
    /** Probabilities of tokens at single positions. */
    DISTRIBUTION(
            "step, probe, kind, position, token",
            counter("step"),
            id("probe"),
            filled("kind"),
            count("position"),
            id("token"),
            real("log_prob")),
    /** Learnt responses of a batch. */
    RESIDUAL(
            "step, position, part",
            counter("step"),
            count("position"),
            oneOf("part", ResidualRow.RESPONSE, ResidualRow.CHOSEN, ResidualRow.REJECTED),
            anyLong("example"),
            optional("coefficient"),
            real("a_norm"),
            real("g_norm"),
            real("grad_norm"),
            optional("self_influence"),
            count("tokens")),
    /** Matrices: what examples do to responses. */
    INFLUENCE(
            "step, layer, part",
            counter("step"),
            emptyOrFilled("layer"),
            oneOf("part", InfluenceBlock.WHOLE, ResidualRow.CHOSEN, ResidualRow.REJECTED),
            oneOf("form", "update", "dot", "cosine"),
            count("examples"),
            count("responses"),
            floats("value")),
    /** What examples do to single tokens. */
    INFLUENCE_TOKEN(
            "step, probe, kind, position",
            counter("step"),
            id("probe"),
            filled("kind"),
            count("position"),
            count("examples"),
            floats("value")),
    /** Predicted and actual changes. */
    SHIFT(
            "step, probe, kind",
            counter("step"),
            id("probe"),
            filled("kind"),
            real("predicted"),
            real("from_batch"),
            real("from_history"),
            real("from_decay"),
            real("from_statistics"),
            optional("unattributed"),
            real("actual")),
    /** Numbers about the kernel. */
    KERNEL(
            "step, name, probe, kind, position",
            counter("step"),
            filled("name"),
            id("probe"),
            emptyOrFilled("kind"),
            whole("position", KernelRow.NONE, Integer.MAX_VALUE),
            real("value"),
            optional("standard_error", 0)),
    /** Blocks of the kernel. */
    KERNEL_BLOCK(
            "step, probe, position",
            counter("step"),
            id("probe"),
            count("position"),
            count("classes"),
            floats("value")),
    /** What examples did to responses over many recordings. */
    ATTRIBUTION(
            "example, probe, kind",
            anyLong("example"),
            id("probe"),
            filled("kind"),
            real("total"),
            counter("recordings")),
    /** What examples do to themselves. */
    SELF_INFLUENCE("example", anyLong("example"), real("total"), counter("recordings")),
    /** What a job over checkpoints has done. */
    ATTRIBUTION_PROGRESS("checkpoint, block", counter("checkpoint"), counter("block")),
    /** Wording of token ids. */
    VOCABULARY("token", id("token"), text("text")),
    /** Token ids of the responses. */
    RESPONSE_TOKEN(
            "probe, kind, position", id("probe"), filled("kind"), count("position"), id("token")),
    /** What examples teach. */
    EXAMPLE_RESPONSE(
            "example, part",
            anyLong("example"),
            oneOf("part", ResidualRow.RESPONSE, ResidualRow.CHOSEN, ResidualRow.REJECTED),
            text("text")),
    /** What happened, in the order in which it did. */
    EVENT(
            "rowid",
            whole("step", -1, Long.MAX_VALUE),
            oneOf("severity", "info", "warning", "error"),
            filled("code"),
            text("message"));

    private final String order;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of immutable columns
    private final List<TableColumn> columns;

    RunTable(String order, TableColumn... columns) {
        this.order = order;
        this.columns = List.of(columns);
    }

    /**
     * The name in the run file.
     *
     * @return the name in lower case
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The table with a name in the run file.
     *
     * @param key such as {@code likelihood}
     * @return the table, empty if there is none
     */
    public static Optional<RunTable> ofKey(String key) {
        for (RunTable table : values()) {
            if (table.key().equals(key)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    /**
     * The columns.
     *
     * @return in the order of a row's cells
     */
    public List<TableColumn> columns() {
        return columns;
    }

    /** The table's SELECT in its natural order. */
    String select() {
        return "SELECT " + names() + " FROM " + key() + " ORDER BY " + order;
    }

    String insert() {
        return "INSERT INTO "
                + key()
                + "("
                + names()
                + ") VALUES ("
                + "?,".repeat(columns.size() - 1)
                + "?)";
    }

    /** The columns that tell a row from all others; of some tables rows may be the same. */
    String uniqueColumns() {
        return this == RESPONSE ? "probe, kind" : order;
    }

    private String names() {
        return String.join(", ", columns.stream().map(TableColumn::name).toList());
    }

    /** Whether rows belong to a recording, which must be there. */
    boolean ofStep() {
        return this != STEP && this != EVENT && columns.get(0).name().equals("step");
    }

    /** How many numbers the matrix of a row has, by the row's own columns. */
    long matrixValues(List<Cell> row) {
        return switch (this) {
            case INFLUENCE -> cellOf(row, 4) * cellOf(row, 5);
            case INFLUENCE_TOKEN -> cellOf(row, 4);
            case KERNEL_BLOCK -> cellOf(row, 3) * cellOf(row, 3);
            default -> 0;
        };
    }

    private static long cellOf(List<Cell> row, int column) {
        return ((Cell.Whole) row.get(column)).value();
    }
}
