package org.learningdynamics.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.sqlite.SQLiteErrorCode;

/**
 * Writes a run file table by table from rows that come from other file formats. All header rows
 * come first, recordings before the rows that belong to them. The file appears under its name when
 * it is {@link #finish finished}, never in part; until then it is beside it under a name that
 * begins with a dot. Memory: one row, and the numbers of the recordings.
 *
 * <p>Not safe for use by several threads. No JDBC or SQLite type is needed to use it.
 */
public final class RunTableWriter implements AutoCloseable {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final Path path;
    private final Path temporary;
    private final Connection connection;
    private final Map<RunTable, PreparedStatement> inserts = new EnumMap<>(RunTable.class);
    private final Map<String, String> header = new TreeMap<>();
    private final Set<Long> steps = new HashSet<>();
    private boolean created;
    private MeasuredColumns measured = new MeasuredColumns(Map.of());

    private RunTableWriter(Path path, Path temporary, Connection connection) {
        this.path = path;
        this.temporary = temporary;
        this.connection = connection;
    }

    /**
     * Starts a new run file.
     *
     * @param path the file, which must not exist
     * @return its writer
     * @throws RunFileException if there is such a file or it cannot be created
     */
    public static RunTableWriter create(Path path) {
        Path target = path.toAbsolutePath().normalize();
        requireNone(target);
        Path temporary =
                target.resolveSibling(
                        "." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Connection connection = RunDatabase.openForWriting(temporary, LOCK_TIMEOUT);
            RunDatabase.execute(connection, "PRAGMA page_size=" + RunFormat.PAGE_BYTES);
            RunDatabase.text(connection, "PRAGMA journal_mode=MEMORY");
            RunDatabase.begin(connection);
            return new RunTableWriter(target, temporary, connection);
        } catch (SQLException e) {
            throw RunDatabase.explain(target, e);
        }
    }

    private static void requireNone(Path target) {
        if (Files.exists(target)) {
            throw new RunFileException(target, "run file must be a new one, found one there");
        }
    }

    /**
     * Adds the header, the probes and the responses of a run that no recorder made. Kept texts are
     * those given; the run counts as closed.
     *
     * @param run where it comes from
     * @param probes one row a probe
     * @param responses one row a response
     * @throws RunFileException if the file cannot be written
     * @throws IllegalArgumentException if a row cannot be added
     */
    public void start(RunHeader run, List<ProbeRow> probes, List<ResponseRow> responses) {
        Map<String, String> rows =
                HeaderTable.rows(run.withProbes(Digests.ofProbes(probes, responses)));
        rows.put(HeaderTable.TEXTS, Texts.FULL.key());
        rows.put(HeaderTable.STATE, HeaderTable.CLOSED);
        rows.forEach((key, value) -> add(RunTable.HEADER, List.of(text(key), text(value))));
        for (ProbeRow row : probes) {
            add(
                    RunTable.PROBE,
                    List.of(
                            new Cell.Whole(row.probe()),
                            text(row.digest()),
                            text(row.setName()),
                            text(row.prompt())));
        }
        for (ResponseRow row : responses) {
            add(
                    RunTable.RESPONSE,
                    List.of(
                            new Cell.Whole(row.probe()),
                            text(row.kind()),
                            text(row.text()),
                            new Cell.Whole(row.tokens())));
        }
    }

    private static Cell text(String value) {
        return new Cell.Text(value);
    }

    /**
     * Adds a row.
     *
     * @param table its table
     * @param row one cell a column
     * @throws IllegalArgumentException if a value breaks its column's rule, the key was there
     *     before, the recording is missing or a header row comes late; the message says which
     * @throws RunFileException if the file cannot be written
     */
    public void add(RunTable table, List<Cell> row) {
        check(table, row);
        try {
            if (table == RunTable.HEADER) {
                addHeader(row);
                return;
            }
            createTables();
            insert(table, row);
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                throw new IllegalArgumentException(
                        "row must be the only one of its " + table.uniqueColumns() + ", got two",
                        e);
            }
            throw RunDatabase.explain(path, e);
        }
        if (table == RunTable.STEP) {
            steps.add(((Cell.Whole) row.get(0)).value());
        }
    }

    private void check(RunTable table, List<Cell> row) {
        List<TableColumn> columns = table.columns();
        if (row.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "row must have " + columns.size() + " values, got " + row.size());
        }
        for (int i = 0; i < row.size(); i++) {
            columns.get(i).check(row.get(i));
            measured.check(table, columns.get(i), row, row.get(i));
            if (row.get(i) instanceof Cell.Floats floats) {
                requireCount(table.matrixValues(row), floats.values().columns());
            }
        }
        if (table.ofStep() && row.get(0) instanceof Cell.Whole step) {
            requireStep(step.value());
        }
    }

    private static void requireCount(long expected, long got) {
        if (expected != got) {
            throw new IllegalArgumentException(
                    "value must have as many numbers as its row says, "
                            + expected
                            + ", got "
                            + got);
        }
    }

    private void requireStep(long step) {
        if (!steps.contains(step)) {
            throw new IllegalArgumentException(
                    "step must be a recording of table step, got " + step);
        }
    }

    private void addHeader(List<Cell> row) {
        String key = ((Cell.Text) row.get(0)).value();
        if (created) {
            throw new IllegalArgumentException(
                    "header rows must come before all others, got \"" + key + "\"");
        }
        if (header.put(key, ((Cell.Text) row.get(1)).value()) != null) {
            throw new IllegalArgumentException(
                    "row must be the only one of its key, got \"" + key + "\" twice");
        }
        measured = new MeasuredColumns(header);
    }

    private void createTables() throws SQLException {
        if (created) {
            return;
        }
        int version = HeaderTable.formatVersion(path, header);
        RunFormat.requireReadable(path, version);
        HeaderTable.header(path, header);
        RunFormat.create(connection, version);
        HeaderTable.write(connection, header);
        created = true;
    }

    private void insert(RunTable table, List<Cell> row) throws SQLException {
        PreparedStatement insert = inserts.get(table);
        if (insert == null) {
            requireTable(table);
            insert = connection.prepareStatement(table.insert());
            inserts.put(table, insert);
        }
        for (int i = 0; i < row.size(); i++) {
            set(insert, i + 1, row.get(i));
        }
        insert.executeUpdate();
    }

    private void requireTable(RunTable table) throws SQLException {
        if (!RunFormat.has(connection, table)) {
            throw new IllegalArgumentException(
                    "table "
                            + table.key()
                            + " must not be in a run of format version "
                            + HeaderTable.formatVersion(path, header)
                            + ", got rows");
        }
    }

    private static void set(PreparedStatement insert, int index, Cell cell) throws SQLException {
        if (cell instanceof Cell.Whole it) {
            insert.setLong(index, it.value());
        } else if (cell instanceof Cell.Text it) {
            insert.setString(index, it.value());
        } else if (cell instanceof Cell.Floats it) {
            insert.setBytes(index, it.values().bytes());
        } else if (cell instanceof Cell.Real it && !Double.isNaN(it.value())) {
            insert.setDouble(index, it.value());
        } else {
            insert.setNull(index, Types.REAL);
        }
    }

    /**
     * Finishes the file, reads its header, probes and responses again, and gives it its name.
     *
     * @return its absolute path
     * @throws RunFileException if the header is not that of a run, its {@code probes_sha256} is not
     *     that of the probes, or the file cannot be written
     */
    public Path finish() {
        try {
            createTables();
            RunDatabase.commit(connection);
            closeConnection();
            requireOwnProbes();
            requireNone(path);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            return path;
        } catch (SQLException e) {
            throw RunDatabase.explain(path, e);
        } catch (IOException e) {
            throw new RunFileException(path, "cannot be written: " + e.getMessage(), e);
        }
    }

    private void requireOwnProbes() {
        String told = header.getOrDefault(HeaderTable.PROBES, "");
        boolean texts = Texts.FULL.key().equals(header.get(HeaderTable.TEXTS));
        if (told.isEmpty() || !texts) {
            return;
        }
        RunFileReader reader = RunFileReader.open(temporary);
        String found = Digests.ofProbes(reader.probes(), reader.responses());
        if (!told.equals(found)) {
            throw new RunFileException(
                    path,
                    HeaderTable.PROBES
                            + " in the header must be that of the probes and responses, "
                            + found
                            + ", got "
                            + told);
        }
    }

    private void closeConnection() throws SQLException {
        for (PreparedStatement insert : inserts.values()) {
            insert.close();
        }
        inserts.clear();
        connection.close();
    }

    /** Removes what was not finished; does nothing after {@link #finish}. */
    @Override
    public void close() {
        try {
            closeConnection();
            Files.deleteIfExists(temporary);
        } catch (SQLException e) {
            throw RunDatabase.explain(path, e);
        } catch (IOException e) {
            throw new RunFileException(path, "cannot be written: " + e.getMessage(), e);
        }
    }
}
