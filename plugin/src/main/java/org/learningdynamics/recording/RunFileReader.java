package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a run file, also while another thread or process writes it. Every method opens the file for
 * the time of its call and reads one consistent state of it; nothing is kept open between calls, so
 * that a reader never holds up the writer's close. What is NULL in the file is NaN here.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class RunFileReader {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final Path path;
    private final RunHeader header;

    private RunFileReader(Path path) {
        this.path = path;
        Map<String, String> rows = headerRows();
        RunFormat.requireReadable(path, HeaderTable.formatVersion(path, rows));
        this.header = HeaderTable.header(path, rows);
    }

    /**
     * Opens a run file of any released format version.
     *
     * @param path the file
     * @return its reader
     * @throws RunFileException if there is none, it is damaged, no run file or of a later format
     */
    public static RunFileReader open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        RunDatabase.requireFile(absolute);
        return new RunFileReader(absolute);
    }

    /**
     * The file that is read.
     *
     * @return its absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * Where the run comes from, as it was when the file was opened.
     *
     * @return the header
     */
    public RunHeader header() {
        return header;
    }

    /**
     * Whether the writer has closed the file; otherwise it is at work or was killed.
     *
     * @return true if the run is finished
     * @throws RunFileException if the file cannot be read
     */
    public boolean closed() {
        return HeaderTable.CLOSED.equals(headerRows().get(HeaderTable.STATE));
    }

    private Map<String, String> headerRows() {
        return with(
                connection -> {
                    RunDatabase.requireRunFile(path, connection);
                    return HeaderTable.read(connection);
                });
    }

    /**
     * Reads every page of the file.
     *
     * @throws RunFileException if it is damaged
     */
    public void requireSound() {
        with(
                connection -> {
                    RunDatabase.requireSound(path, connection);
                    return path;
                });
    }

    /**
     * The probes, by id.
     *
     * @return one row a probe
     * @throws RunFileException if the file cannot be read
     */
    public List<ProbeRow> probes() {
        return list(
                "SELECT probe, digest, set_name, prompt FROM probe ORDER BY probe", Rows::probe);
    }

    /**
     * The responses, in the order in which they were given.
     *
     * @return one row a response
     * @throws RunFileException if the file cannot be read
     */
    public List<ResponseRow> responses() {
        return list(
                "SELECT probe, kind, text, tokens FROM response ORDER BY rowid", Rows::response);
    }

    /**
     * The response kinds, in the order in which they were first given.
     *
     * @return their names
     * @throws RunFileException if the file cannot be read
     */
    public List<String> kinds() {
        return list(
                "SELECT kind FROM response GROUP BY kind ORDER BY min(rowid)",
                row -> row.getString(1));
    }

    /**
     * Hands over the training examples, by id.
     *
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachExample(Consumer<ExampleRow> action) {
        each("SELECT example, digest, prompt FROM example ORDER BY example", Rows::example, action);
    }

    /**
     * The recordings, in order.
     *
     * @return one row a recording
     * @throws RunFileException if the file cannot be read
     */
    public List<StepRow> steps() {
        return list(
                "SELECT step, iteration, epoch, time_ms, loss, learning_rate, grad_norm, step_ms,"
                        + " overhead_ms FROM step ORDER BY step",
                Rows::step);
    }

    /**
     * The last recording.
     *
     * @return its row, empty if nothing was recorded yet
     * @throws RunFileException if the file cannot be read
     */
    public Optional<StepRow> lastStep() {
        return list(
                        "SELECT step, iteration, epoch, time_ms, loss, learning_rate, grad_norm,"
                                + " step_ms, overhead_ms FROM step ORDER BY step DESC LIMIT 1",
                        Rows::step)
                .stream()
                .findFirst();
    }

    /**
     * Hands over likelihood rows by step, probe and kind, one at a time.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachLikelihood(RowFilter filter, Consumer<LikelihoodRow> action) {
        each(
                "SELECT step, probe, kind, log_prob, argmax_log_prob, rest_log_prob, peakiness, gap,"
                        + " energy, entropy, tokens FROM likelihood"
                        + filter.where()
                        + " ORDER BY step, probe, kind",
                Rows::likelihood,
                action,
                filter.arguments());
    }

    /**
     * Likelihood rows by step, probe and kind, all in memory.
     *
     * @param filter which rows
     * @return the rows
     * @throws RunFileException if the file cannot be read
     */
    public List<LikelihoodRow> likelihoods(RowFilter filter) {
        List<LikelihoodRow> rows = new ArrayList<>();
        forEachLikelihood(filter, rows::add);
        return rows;
    }

    /**
     * Hands over token rows by step, probe, kind and position, one at a time.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachToken(RowFilter filter, Consumer<TokenRow> action) {
        each(
                "SELECT step, probe, kind, position, log_prob, argmax FROM token"
                        + filter.where()
                        + " ORDER BY step, probe, kind, position",
                Rows::token,
                action,
                filter.arguments());
    }

    /**
     * Hands over the probabilities of tokens at single positions by step, probe, kind, position and
     * token, one at a time. Files before format version 4, and runs that did not ask for them, have
     * none.
     *
     * @param filter which rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachDistribution(RowFilter filter, Consumer<DistributionRow> action) {
        eachOf(
                RunTable.DISTRIBUTION,
                "SELECT step, probe, kind, position, token, log_prob FROM distribution"
                        + filter.where()
                        + " ORDER BY step, probe, kind, position, token",
                DistributionTable::row,
                action,
                filter.arguments());
    }

    /**
     * The names of the metrics, sorted.
     *
     * @return the names
     * @throws RunFileException if the file cannot be read
     */
    public List<String> metricNames() {
        return list("SELECT DISTINCT name FROM metric ORDER BY name", row -> row.getString(1));
    }

    /**
     * One metric by iteration.
     *
     * @param name the metric's name
     * @return its values, empty if there are none
     * @throws RunFileException if the file cannot be read
     */
    public List<Metric> metrics(String name) {
        return list(
                "SELECT iteration, name, value FROM metric WHERE name = ? ORDER BY iteration",
                Rows::metric,
                name);
    }

    /**
     * The events, in the order in which they were written.
     *
     * @return one row an event
     * @throws RunFileException if the file cannot be read
     */
    public List<Event> events() {
        return list("SELECT step, severity, code, message FROM event ORDER BY rowid", Rows::event);
    }

    /**
     * Which example moved which response.
     *
     * @return the reader of those tables, which opens the file at each call as this one does
     */
    public InteractionReader interactions() {
        return new InteractionReader(this);
    }

    /**
     * The wording of tokens and of what examples teach.
     *
     * @return the reader of those tables, which opens the file at each call as this one does
     */
    public WordingReader wording() {
        return new WordingReader(this);
    }

    /**
     * Hands over whole tables row by row, all from one state of the file, which a writer may change
     * meanwhile. Here a value that was not measured differs from a measured NaN, as the document of
     * the run file says.
     *
     * @param tables which tables, in this order; those that the file's format version lacks have no
     *     rows
     * @param action called for each row
     * @throws RunFileException if the file cannot be read
     */
    public void forEachRow(List<RunTable> tables, TableRowConsumer action) {
        with(
                connection -> {
                    TableRows.each(path, connection, tables, action);
                    return path;
                });
    }

    /**
     * How many rows each table has.
     *
     * @return the counts
     * @throws RunFileException if the file cannot be read
     */
    public RunCounts counts() {
        return list(
                        "SELECT (SELECT count(*) FROM probe), (SELECT count(*) FROM response),"
                                + " (SELECT count(*) FROM example), (SELECT count(*) FROM step),"
                                + " (SELECT count(*) FROM metric),"
                                + " (SELECT count(*) FROM likelihood),"
                                + " (SELECT count(*) FROM token), (SELECT count(*) FROM event)",
                        Rows::counts)
                .get(0)
                .with(with(InteractionTables::counts));
    }

    private <T> List<T> list(String sql, Rows.Mapping<T> mapping, Object... arguments) {
        List<T> rows = new ArrayList<>();
        each(sql, mapping, rows::add, arguments);
        return rows;
    }

    /** As {@link #each}, without any row where the file is older than the tables. */
    <T> void eachIfPresent(
            String sql, Rows.Mapping<T> mapping, Consumer<T> action, Object... arguments) {
        with(
                connection -> {
                    if (InteractionTables.exist(connection)) {
                        Rows.each(connection, sql, mapping, action, arguments);
                    }
                    return path;
                });
    }

    /** As {@link #each}, without any row where the file is older than the table. */
    <T> void eachOf(
            RunTable table,
            String sql,
            Rows.Mapping<T> mapping,
            Consumer<T> action,
            Object... arguments) {
        with(
                connection -> {
                    if (RunFormat.has(connection, table)) {
                        Rows.each(connection, sql, mapping, action, arguments);
                    }
                    return path;
                });
    }

    <T> void each(String sql, Rows.Mapping<T> mapping, Consumer<T> action, Object... arguments) {
        with(
                connection -> {
                    Rows.each(connection, sql, mapping, action, arguments);
                    return path;
                });
    }

    private <T> T with(Rows.Query<T> query) {
        try (Connection connection = RunDatabase.openForReading(path, LOCK_TIMEOUT)) {
            return query.run(connection);
        } catch (SQLException e) {
            throw RunDatabase.explain(path, e);
        }
    }
}
