package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Format version 4 stays readable for ever; the expected values are literals on purpose. */
class GoldenVersion4Test {
    @TempDir private Path directory;
    private Path golden;
    private RunFileReader reader;

    @BeforeEach
    void open() throws URISyntaxException {
        golden = Path.of(Objects.requireNonNull(getClass().getResource("version-4.ldyn")).toURI());
        reader = RunFileReader.open(golden);
    }

    private static List<DistributionRow> distributions(RunFileReader reader) {
        List<DistributionRow> rows = new ArrayList<>();
        reader.forEachDistribution(RowFilter.ALL.steps(0, 1), rows::add);
        return rows;
    }

    @Test
    void isTheFileThatWasReleased() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(golden));
        assertEquals(
                "2cd8f65a5d76a79c95c318efc5ed361d99d8de0cd53be2b279cf6ee7f36e7691",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void hasWhatTheVersionsBeforeHave() {
        assertEquals(4, reader.header().formatVersion());
        assertTrue(reader.closed());
        assertEquals(
                new RunCounts(2, 6, 1, 3, 2, 13, 25, 4, new InteractionCounts(4, 3, 1, 6, 2, 1, 2)),
                reader.counts());
        assertEquals(
                List.of(new TokenText(9, "Schl"), new TokenText(11, "\u0000二")),
                GoldenVersion3Test.words(reader));
    }

    @Test
    void hasItsDistributions() {
        assertEquals(
                List.of(
                        new DistributionRow(0, 7, "chosen", 1, 9, -0.25),
                        new DistributionRow(0, 7, "chosen", 1, 11, -1.5),
                        new DistributionRow(0, 7, "chosen", 1, 12, Double.NEGATIVE_INFINITY),
                        new DistributionRow(1, 7, "chosen", 0, 9, Double.NaN)),
                distributions(reader));
    }

    @Test
    void versionsBeforeHaveNone() throws URISyntaxException {
        Path third =
                Path.of(Objects.requireNonNull(getClass().getResource("version-3.ldyn")).toURI());
        assertEquals(List.of(), distributions(RunFileReader.open(third)));
    }

    @Test
    void hasTheTableAndColumnsOfItsVersion() throws SQLException {
        String columns = "SELECT group_concat(name, ' ') FROM pragma_table_info('distribution')";
        assertEquals("step probe kind position token log_prob", PlainSql.text(golden, columns));
    }

    @Test
    void aRunThatIsTakenBackLosesTheDistributionsOfLaterRecordings() throws IOException {
        Path copy = directory.resolve("copy.ldyn");
        Files.copy(golden, copy);
        SampleRun.builder(copy).continueFrom(0).build().close();
        assertEquals(SampleRun.distributions(0), distributions(RunFileReader.open(copy)));
    }
}
