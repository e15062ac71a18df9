package org.learningdynamics.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;

/** The 500 HH helpful-base probes, where a copy lies beside the project. */
class HelpfulProbesTest {
    private static final Path FILE = Path.of("../../shared/data/hh-helpful/probes-train.jsonl");

    private ProbeSet probes;

    @BeforeEach
    void read() {
        Assumptions.assumeTrue(Files.exists(FILE), "no HH probes beside the project");
        probes =
                ProbeSet.of("hh", JsonLines.reader(BadLines.FAIL).responses(TextSource.file(FILE)));
    }

    @Test
    void allLinesParseWithAllStandardKinds() {
        assertEquals(500, probes.size());
        for (Probe probe : probes.probes()) {
            assertTrue(
                    probe.responses().keySet().containsAll(ResponseKind.STANDARD),
                    "probe " + probe.id());
        }
        assertTrue(probes.kinds().contains("chosen_selfr"));
    }

    @Test
    void emptyResponsesAreOneToken() {
        ProbeSet standard = probes.withKinds(Set.copyOf(ResponseKind.STANDARD));
        var rows = EncodedProbes.encode(standard, encoder());
        assertEquals(6000, rows.size());
        long empty = rows.stream().filter(row -> row.encoded().responseLength() == 1).count();
        assertEquals(22, empty);
        assertTrue(rows.stream().allMatch(row -> row.encoded().length() <= 512));
    }

    private SequenceEncoder encoder() {
        List<String> corpus = new ArrayList<>();
        for (Probe probe : probes.probes()) {
            corpus.add(probe.prompt());
            corpus.addAll(probe.responses().values());
        }
        return new SequenceEncoder(WordTokenizer.train(corpus, 4000), Truncation.DEFAULT);
    }
}
