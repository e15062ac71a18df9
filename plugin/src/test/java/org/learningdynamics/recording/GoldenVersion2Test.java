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

/** Format version 2 stays readable for ever; the expected values are literals on purpose. */
class GoldenVersion2Test {
    private Path golden;
    private RunFileReader reader;

    @BeforeEach
    void open() throws URISyntaxException {
        golden = Path.of(Objects.requireNonNull(getClass().getResource("version-2.ldyn")).toURI());
        reader = RunFileReader.open(golden);
    }

    @Test
    void isTheFileThatWasReleased() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(golden));
        assertEquals(
                "497813e50104ad0103b177e51f5a301879d2c5814e7c360b60a9e8299d50a11d",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void hasWhatTheFirstVersionHas() {
        assertEquals(2, reader.header().formatVersion());
        assertTrue(reader.closed());
        assertEquals(3, reader.steps().size());
        assertEquals(4, reader.events().size());
        assertEquals(
                -0.706, reader.likelihoods(RowFilter.ALL.kind("chosen")).get(1).logProb(), 1e-15);
        assertEquals(
                new RunCounts(2, 6, 1, 3, 2, 13, 25, 4, new InteractionCounts(4, 3, 1, 6, 2, 1, 2)),
                reader.counts());
    }

    @Test
    void hasItsInteractions() {
        InteractionReader interactions = reader.interactions();
        assertEquals(
                List.of(
                        new ResidualRow(2, 0, "chosen", 70, -2.5, 2, 3, 4, 0.125, 5),
                        new ResidualRow(2, 0, "rejected", 70, 2.5, 2, 3, 4, -0.125, 5),
                        new ResidualRow(2, 1, "chosen", 71, -2.5, 2, 3, 4, 0.125, 5),
                        new ResidualRow(2, 1, "rejected", 71, 2.5, 2, 3, 4, -0.125, 5)),
                interactions.residuals(RowFilter.ALL));
        List<InfluenceBlock> blocks = new ArrayList<>();
        interactions.forEachInfluence(RowFilter.ALL, blocks::add);
        FloatMatrix chosen =
                FloatMatrix.of(
                        2, 6, 0.75f, 1.75f, 2.75f, 3.75f, 4.75f, 5.75f, 10.75f, 11.75f, 12.75f,
                        13.75f, 14.75f, 15.75f);
        assertEquals(3, blocks.size());
        assertEquals(
                new InfluenceBlock(2, "", "chosen", InfluenceForm.UPDATE, chosen), blocks.get(1));
        assertEquals("head", blocks.get(2).layer());
        List<TokenInfluenceRow> tokens = new ArrayList<>();
        interactions.forEachTokenInfluence(RowFilter.ALL, tokens::add);
        assertEquals(
                List.of(new TokenInfluenceRow(2, 7, "chosen", 1, FloatMatrix.of(1, 2, 0.5f, 1.5f))),
                tokens);
        assertEquals(
                List.of(new ShiftRow(2, 7, "chosen", 9.75, 9.25, 0.375, 0.125, 0, 1e-9, 12.1875)),
                interactions.shifts(RowFilter.ALL.kind("chosen").probe(7)));
    }

    @Test
    void hasItsKernelAndAttributions() {
        InteractionReader interactions = reader.interactions();
        List<KernelRow> kernels = new ArrayList<>();
        interactions.forEachKernel(RowFilter.ALL, kernels::add);
        assertEquals(
                List.of(
                        new KernelRow(2, "alignment", -1, "", -1, 2.5, 0),
                        new KernelRow(2, "trace", 7, "chosen", 1, 12.5, 0.25)),
                kernels);
        List<KernelBlock> blocks = new ArrayList<>();
        interactions.forEachKernelBlock(RowFilter.ALL, blocks::add);
        FloatMatrix kernel =
                FloatMatrix.of(3, 3, 0.5f, 1.5f, 2.5f, 10.5f, 11.5f, 12.5f, 20.5f, 21.5f, 22.5f);
        assertEquals(List.of(new KernelBlock(2, 7, 0, kernel)), blocks);
        List<AttributionRow> attributions = new ArrayList<>();
        interactions.forEachAttribution(attributions::add);
        assertEquals(
                List.of(
                        new AttributionRow(70, 7, "chosen", -0.25, 3),
                        new AttributionRow(71, 7, "chosen", 0.5, 1)),
                attributions);
        List<SelfInfluenceRow> selfInfluences = new ArrayList<>();
        interactions.forEachSelfInfluence(selfInfluences::add);
        assertEquals(List.of(new SelfInfluenceRow(71, 0.75, 1)), selfInfluences);
        assertEquals(List.of(new ScoredBlock(20, 1)), interactions.scoredBlocks());
    }

    @Test
    void hasTheTablesAndColumnsThatItAdds() throws SQLException {
        String columns =
                "SELECT group_concat(t.name || '.' || c.name, ' ') FROM sqlite_master t, "
                        + "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT IN"
                        + " ('header', 'probe', 'response', 'example', 'step', 'metric',"
                        + " 'likelihood', 'token', 'event')";
        assertEquals(
                "residual.step residual.position residual.part residual.example"
                        + " residual.coefficient residual.a_norm residual.g_norm residual.grad_norm"
                        + " residual.self_influence residual.tokens"
                        + " influence.step influence.layer influence.part influence.form"
                        + " influence.examples influence.responses influence.value"
                        + " influence_token.step influence_token.probe influence_token.kind"
                        + " influence_token.position influence_token.examples influence_token.value"
                        + " shift.step shift.probe shift.kind shift.predicted shift.from_batch"
                        + " shift.from_history shift.from_decay shift.from_statistics"
                        + " shift.unattributed shift.actual"
                        + " kernel.step kernel.name kernel.probe kernel.kind kernel.position"
                        + " kernel.value kernel.standard_error"
                        + " kernel_block.step kernel_block.probe kernel_block.position"
                        + " kernel_block.classes kernel_block.value"
                        + " attribution.example attribution.probe attribution.kind"
                        + " attribution.total attribution.recordings"
                        + " self_influence.example self_influence.total"
                        + " self_influence.recordings"
                        + " attribution_progress.checkpoint attribution_progress.block",
                PlainSql.text(golden, columns));
    }
}
