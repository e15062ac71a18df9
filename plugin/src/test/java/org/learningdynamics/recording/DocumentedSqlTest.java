package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what docs/run-file.md tells people to run. */
class DocumentedSqlTest {
    private static final Path PAGE = Path.of("..", "docs", "run-file.md");
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    @TempDir private static Path directory;
    private static Path path;

    @BeforeAll
    static void record() {
        path = directory.resolve("run.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            for (int step = 0; step < 3; step++) {
                recorder.record(SampleInteractions.recording(step, step));
                recorder.record(new ExampleRow(70 + step, "d", "prompt " + step));
                recorder.record(new Metric(step, "rewards/margins", step));
            }
            recorder.record(new Metric(3, "rewards/margins", Double.NaN));
            recorder.record(new ResponseTokens(7, "chosen", List.of(11, 12)));
            recorder.record(new TokenText(11, "eleven"));
            recorder.record(new TokenText(12, "twelve"));
        }
    }

    static List<String> queries() throws IOException {
        return SQL.matcher(Files.readString(PAGE)).results().map(match -> match.group(1)).toList();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void givesRows(String query) throws SQLException {
        assertTrue(!rows(query).isEmpty(), query);
    }

    @Test
    void givesTheShiftOfEveryChosenResponse() throws IOException, SQLException {
        String query =
                queries().stream().filter(q -> q.contains("shift")).findFirst().orElseThrow();
        String rounded =
                "SELECT prompt, round(shift, 9) FROM ("
                        + query.replace(";", "")
                        + ") ORDER BY prompt";
        assertEquals(List.of("Wer schläft? -2.0", "二? -2.0"), rows(rounded));
    }

    @Test
    void namesEveryTableAndColumn() throws IOException, SQLException {
        String page = Files.readString(PAGE);
        List<String> missing = new ArrayList<>();
        for (String column : rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            if (!page.contains("| `" + column + "` |")) {
                missing.add(column);
            }
        }
        String columns =
                "SELECT DISTINCT c.name FROM sqlite_master t, pragma_table_info(t.name) c"
                        + " WHERE t.type = 'table'";
        for (String column : rows(columns)) {
            if (Pattern.compile("[.`(, ]" + column + "[`), ]")
                    .matcher(page)
                    .results()
                    .map(MatchResult::group)
                    .findAny()
                    .isEmpty()) {
                missing.add(column);
            }
        }
        assertEquals(List.of(), missing);
    }

    private static List<String> rows(String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = PlainSql.connect(path);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(i > 1 ? " " : "").append(result.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
