package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Starts a run file, or continues one after checking that it is the same run's. */
final class RunFileOpening {
    private static final int LOG_PAGES_BEFORE_CHECKPOINT = 4_000;

    private final Path path;
    private final RunHeader header;
    private final List<ProbeRow> probes;
    private final List<ResponseRow> responses;
    private final Texts texts;
    private final OptionalLong continueFrom;

    RunFileOpening(
            Path path,
            RunHeader header,
            List<ProbeRow> probes,
            List<ResponseRow> responses,
            Texts texts,
            OptionalLong continueFrom) {
        this.path = path;
        this.header = header.withProbes(Digests.ofProbes(probes, responses));
        this.probes = probes;
        this.responses = responses;
        this.texts = texts;
        this.continueFrom = continueFrom;
    }

    /** Returns a connection with write-ahead log and no transaction begun. */
    Connection open(Duration lockTimeout) {
        try {
            Connection connection = RunDatabase.openForWriting(path, lockTimeout);
            try {
                prepare(connection);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw RunDatabase.explain(path, e);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        boolean fresh = RunDatabase.isEmpty(connection);
        if (!fresh) {
            requireSameRun(connection);
        }
        startLog(connection);
        RunDatabase.begin(connection);
        if (fresh) {
            create(connection);
        } else {
            resume(connection);
        }
        RunDatabase.commit(connection);
        // So that the file alone, without its log, can already be told as a run file.
        RunDatabase.text(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void startLog(Connection connection) throws SQLException {
        RunDatabase.execute(connection, "PRAGMA page_size=" + RunFormat.PAGE_BYTES);
        String mode = RunDatabase.text(connection, "PRAGMA journal_mode=WAL");
        if (!"wal".equals(mode)) {
            throw new RunFileException(
                    path, "directory must allow a write-ahead log, got journal mode " + mode);
        }
        RunDatabase.execute(connection, "PRAGMA synchronous=NORMAL");
        RunDatabase.execute(connection, "PRAGMA wal_autocheckpoint=" + LOG_PAGES_BEFORE_CHECKPOINT);
    }

    private void create(Connection connection) throws SQLException {
        RunFormat.create(connection);
        Map<String, String> rows = HeaderTable.rows(header);
        rows.put(HeaderTable.TEXTS, texts.key());
        rows.put(HeaderTable.STATE, HeaderTable.OPEN);
        HeaderTable.write(connection, rows);
        insertProbes(connection);
        insertResponses(connection);
    }

    private void insertProbes(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO probe VALUES (?,?,?,?)")) {
            for (ProbeRow row : probes) {
                insert.setInt(1, row.probe());
                insert.setString(2, row.digest());
                insert.setString(3, row.setName());
                insert.setString(4, texts.store(row.prompt()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void insertResponses(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO response VALUES (?,?,?,?)")) {
            for (ResponseRow row : responses) {
                insert.setInt(1, row.probe());
                insert.setString(2, row.kind());
                insert.setString(3, texts.store(row.text()));
                insert.setInt(4, row.tokens());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void requireSameRun(Connection connection) throws SQLException {
        RunDatabase.requireRunFile(path, connection);
        Map<String, String> rows = HeaderTable.read(connection);
        RunFormat.requireReadable(path, HeaderTable.formatVersion(path, rows));
        RunDatabase.requireSound(path, connection);
        requireSame("data SHA-256", rows, HeaderTable.DATA, header.dataSha256());
        requireSame("probes SHA-256", rows, HeaderTable.PROBES, header.probesSha256());
        requireSame("texts", rows, HeaderTable.TEXTS, texts.key());
    }

    private void requireSame(String name, Map<String, String> rows, String key, String now) {
        String then = rows.getOrDefault(key, "");
        if (!then.equals(now)) {
            throw new RunFileException(
                    path,
                    name
                            + " must be the run's "
                            + orNone(then)
                            + " to continue it, got "
                            + orNone(now));
        }
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    private void resume(Connection connection) throws SQLException {
        Map<String, String> before = HeaderTable.read(connection);
        int version = HeaderTable.formatVersion(path, before);
        RunFormat.upgrade(connection, version);
        HeaderTable.write(
                connection, Map.of(HeaderTable.FORMAT, Integer.toString(RunFormat.VERSION)));
        long removed = new Rewind(connection).to(iterationToKeep(connection, before));
        HeaderTable.write(connection, Map.of(HeaderTable.STATE, HeaderTable.OPEN));
        try (RowWriter writer = new RowWriter(connection, texts)) {
            writer.event(resumed(connection, before, removed));
        }
    }

    /**
     * Training goes on where the caller says; else after a kill from the last recording, and after
     * a proper close from the end.
     */
    private long iterationToKeep(Connection connection, Map<String, String> before)
            throws SQLException {
        if (continueFrom.isPresent()) {
            return continueFrom.getAsLong();
        }
        boolean closed = HeaderTable.CLOSED.equals(before.get(HeaderTable.STATE));
        return closed ? Long.MAX_VALUE : Rewind.lastIteration(connection);
    }

    private Event resumed(Connection connection, Map<String, String> before, long removed)
            throws SQLException {
        String changes = changes(before);
        return new Event(
                Rewind.lastStep(connection),
                changes.isEmpty() ? Severity.INFO : Severity.WARNING,
                "resumed",
                "continued after iteration "
                        + Rewind.lastIteration(connection)
                        + ", "
                        + removed
                        + " later rows removed"
                        + upgrade(before)
                        + changes);
    }

    private String upgrade(Map<String, String> before) {
        int version = HeaderTable.formatVersion(path, before);
        return version == RunFormat.VERSION
                ? ""
                : ", format version raised from " + version + " to " + RunFormat.VERSION;
    }

    private String changes(Map<String, String> before) {
        Map<String, String> now = HeaderTable.rows(header);
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(now);
        all.keySet()
                .removeAll(
                        List.of(
                                HeaderTable.CREATED,
                                HeaderTable.STATE,
                                HeaderTable.TEXTS,
                                HeaderTable.FORMAT));
        StringBuilder changes = new StringBuilder();
        for (String key : all.keySet()) {
            String then = before.getOrDefault(key, "");
            String value = now.getOrDefault(key, "");
            if (!then.equals(value)) {
                changes.append(changes.isEmpty() ? "; the header keeps " : ", ")
                        .append(key + " " + orNone(then) + " (now " + orNone(value) + ")");
            }
        }
        return changes.toString();
    }
}
