package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.samples.cli.Dynamics;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The verb {@code audit} as a script would call it. */
class AuditCommandTest {
    private static final int OK = 0;
    private static final int DATA = 3;
    private static final int FINDINGS = 4;

    @TempDir private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        args);
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String saved(SameDiff graph) {
        Path file = folder.resolve("graph.fb");
        graph.save(file.toFile(), false);
        return file.toString();
    }

    private static SameDiff spoiled() {
        SameDiff graph = SameDiff.create();
        SDVariable table = graph.var("table", Nd4j.ones(DataType.FLOAT, 5, 4));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable rows = graph.gather("rows", table, ids, 0);
        rows.sub(rows.mean(true, -1)).sum().markAsLoss();
        return graph;
    }

    @Test
    void aSavedGraphWithWrongGradientsIsAFinding() {
        Outcome audit = run("audit", saved(spoiled()));
        assertEquals(FINDINGS, audit.code(), audit.err());
        assertTrue(audit.out().startsWith("severity"), audit.out());
        assertTrue(audit.out().contains("gather"), audit.out());
        assertTrue(audit.out().contains("table, ids"), audit.out());
        assertTrue(audit.out().contains("a negative dimension is reduced"), audit.out());
        assertTrue(audit.out().contains("one-hot"), audit.out());
        assertTrue(audit.out().endsWith("2 errors, 0 warnings, 0 notes\n"), audit.out());
    }

    @Test
    void jsonHoldsTheSameFindings() {
        Outcome audit = run("audit", "--json", saved(spoiled()));
        assertEquals(FINDINGS, audit.code(), audit.err());
        JsonObject root = JsonParser.parseString(audit.out()).getAsJsonObject();
        assertEquals(2, root.getAsJsonArray("findings").size());
        JsonObject first = root.getAsJsonArray("findings").get(0).getAsJsonObject();
        assertEquals("ERROR", first.get("severity").getAsString());
        assertEquals(4, root.get("auditedOps").getAsInt());
    }

    @Test
    void aSoundGraphIsClean() {
        SameDiff graph = SameDiff.create();
        SDVariable weights = graph.var("w", Nd4j.ones(DataType.FLOAT, 4, 2));
        graph.placeHolder("x", DataType.FLOAT, -1, 4).mmul(weights).sum().markAsLoss();
        Outcome audit = run("audit", saved(graph));
        assertEquals(OK, audit.code(), audit.out());
        assertEquals("2 ops on the way of gradients: 0 errors, 0 warnings, 0 notes\n", audit.out());
    }

    @Test
    void aModelFolderIsClean() throws IOException {
        DecoderModel.create(DecoderConfig.builder(256).width(8).layers(1).heads(2).build())
                .save(folder.resolve("model.safetensors"));
        Outcome audit = run("audit", folder.toString());
        assertEquals(OK, audit.code(), audit.out() + audit.err());
    }

    @Test
    void aFileThatIsNoGraphIsADataError() throws IOException {
        Path text = Files.writeString(folder.resolve("x.fb"), "hello, this is no graph");
        Outcome refused = run("audit", text.toString());
        assertEquals(DATA, refused.code(), refused.err());
        assertTrue(refused.err().contains("x.fb"), refused.err());
        Outcome missing = run("audit", folder.resolve("none").toString());
        assertEquals(DATA, missing.code(), missing.err());
        assertTrue(missing.err().contains("no such file"), missing.err());
    }
}
