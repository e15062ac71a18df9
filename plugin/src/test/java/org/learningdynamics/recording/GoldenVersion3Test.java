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

/** Format version 3 stays readable for ever; the expected values are literals on purpose. */
class GoldenVersion3Test {
    private Path golden;
    private RunFileReader reader;

    @BeforeEach
    void open() throws URISyntaxException {
        golden = Path.of(Objects.requireNonNull(getClass().getResource("version-3.ldyn")).toURI());
        reader = RunFileReader.open(golden);
    }

    static List<TokenText> words(RunFileReader reader) {
        List<TokenText> words = new ArrayList<>();
        reader.wording().forEachTokenText(words::add);
        return words;
    }

    @Test
    void isTheFileThatWasReleased() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(golden));
        assertEquals(
                "03197462fb4919b7f39ce193160699268ff9c325ea85dad6ba7d5f71b3771de4",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void hasWhatTheVersionsBeforeHave() {
        assertEquals(3, reader.header().formatVersion());
        assertTrue(reader.closed());
        assertEquals(
                new RunCounts(2, 6, 1, 3, 2, 13, 25, 4, new InteractionCounts(4, 3, 1, 6, 2, 1, 2)),
                reader.counts());
    }

    @Test
    void hasItsWording() {
        assertEquals(
                List.of(new TokenText(9, "Schl"), new TokenText(11, "\u0000二")), words(reader));
        List<ResponseTokens> responses = new ArrayList<>();
        reader.wording().forEachResponse(responses::add);
        assertEquals(
                List.of(
                        new ResponseTokens(7, "chosen", List.of(9, 11, 9)),
                        new ResponseTokens(7, "rejected", List.of(11))),
                responses);
        List<ExampleResponse> taught = new ArrayList<>();
        reader.wording().forEachExampleResponse(taught::add);
        assertEquals(
                List.of(
                        new ExampleResponse(5, "chosen", "ja"),
                        new ExampleResponse(5, "rejected", "")),
                taught);
    }

    @Test
    void hasTheTablesAndColumnsOfItsVersion() throws SQLException {
        String columns =
                "SELECT group_concat(t.name || '.' || c.name, ' ') FROM sqlite_master t,"
                        + " pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name IN"
                        + " ('vocabulary', 'response_token', 'example_response')";
        assertEquals(
                "vocabulary.token vocabulary.text response_token.probe response_token.kind"
                        + " response_token.position response_token.token"
                        + " example_response.example example_response.part example_response.text",
                PlainSql.text(golden, columns));
    }
}
