package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A {@link RunHeader} as rows of the table {@code header(key, value)}. */
final class HeaderTable {
    static final String FORMAT = "format_version";
    static final String DATA = "data_sha256";
    static final String PROBES = "probes_sha256";
    static final String TEXTS = "texts";
    static final String STATE = "state";
    static final String OPEN = "open";
    static final String CLOSED = "closed";
    static final String CREATED = "created_at";

    private static final String CONFIG = "config.";
    private static final Set<String> OWN =
            Set.of(
                    "run",
                    "stage",
                    "library_version",
                    "dl4j_version",
                    "backend",
                    "jvm",
                    "os",
                    "seed",
                    FORMAT,
                    DATA,
                    PROBES,
                    TEXTS,
                    STATE,
                    CREATED);

    private HeaderTable() {}

    static void requireFreeKeys(Collection<String> keys) {
        for (String key : keys) {
            if (key.isBlank() || OWN.contains(key) || key.startsWith(CONFIG)) {
                throw new IllegalArgumentException(
                        "entry key must not be blank, start with \"config.\" or be one of "
                                + new TreeSet<>(OWN)
                                + ", got \""
                                + key
                                + "\"");
            }
        }
    }

    static Map<String, String> rows(RunHeader header) {
        Map<String, String> rows = new TreeMap<>(header.entries());
        header.configuration().forEach((key, value) -> rows.put(CONFIG + key, value));
        rows.put("run", header.run());
        rows.put("stage", header.stage());
        rows.put("library_version", header.libraryVersion());
        rows.put("dl4j_version", header.dl4jVersion());
        rows.put("backend", header.backend());
        rows.put("jvm", header.jvm());
        rows.put("os", header.os());
        rows.put("seed", Long.toString(header.seed()));
        rows.put(DATA, header.dataSha256());
        rows.put(PROBES, header.probesSha256());
        rows.put(FORMAT, Integer.toString(header.formatVersion()));
        rows.put(CREATED, header.createdAt().toString());
        return rows;
    }

    static int formatVersion(Path path, Map<String, String> rows) {
        String version = rows.getOrDefault(FORMAT, "none");
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw new RunFileException(path, "format version must be a number, got " + version, e);
        }
    }

    static RunHeader header(Path path, Map<String, String> rows) {
        try {
            return header(rows);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new RunFileException(path, "header must be valid: " + e.getMessage(), e);
        }
    }

    static RunHeader header(Map<String, String> rows) {
        Map<String, String> configuration = new TreeMap<>();
        Map<String, String> entries = new TreeMap<>();
        rows.forEach(
                (key, value) -> {
                    if (key.startsWith(CONFIG)) {
                        configuration.put(key.substring(CONFIG.length()), value);
                    } else if (!OWN.contains(key)) {
                        entries.put(key, value);
                    }
                });
        return new RunHeader(
                text(rows, "run"),
                text(rows, "stage"),
                text(rows, "library_version"),
                text(rows, "dl4j_version"),
                text(rows, "backend"),
                text(rows, "jvm"),
                text(rows, "os"),
                Long.parseLong(rows.getOrDefault("seed", "0")),
                configuration,
                rows.getOrDefault(DATA, ""),
                rows.getOrDefault(PROBES, ""),
                Integer.parseInt(rows.getOrDefault(FORMAT, "0")),
                Instant.parse(rows.getOrDefault(CREATED, "1970-01-01T00:00:00Z")),
                entries);
    }

    private static String text(Map<String, String> rows, String key) {
        return rows.getOrDefault(key, RunHeader.UNKNOWN);
    }

    static Map<String, String> read(Connection connection) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT key, value FROM header")) {
            while (result.next()) {
                rows.put(result.getString(1), result.getString(2));
            }
        }
        return Collections.unmodifiableMap(rows);
    }

    static void write(Connection connection, Map<String, String> rows) throws SQLException {
        String sql = "INSERT OR REPLACE INTO header(key, value) VALUES (?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Map.Entry<String, String> row : rows.entrySet()) {
                insert.setString(1, row.getKey());
                insert.setString(2, row.getValue());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
