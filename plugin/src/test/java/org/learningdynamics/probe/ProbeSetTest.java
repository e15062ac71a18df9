package org.learningdynamics.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.TextSource;

class ProbeSetTest {
    private static final String FILE =
            """
            {"prompt":"p1","mine":"m","rejected":"r","chosen":"c"}

            {"prompt":"p2","chosen":"c2","other":""}
            """;

    @TempDir Path dir;

    @Test
    void readsTheProbeFormat() {
        ProbeSet set = read(FILE);
        assertEquals(List.of(1, 3), set.probes().stream().map(Probe::id).toList());
        assertEquals(2, set.size());
        assertEquals(5, set.responses());
        assertEquals("", set.probes().get(1).responses().get("other"));
    }

    @Test
    void listsStandardKindsFirst() {
        assertEquals(List.of("chosen", "rejected", "mine", "other"), read(FILE).kinds());
    }

    @Test
    void subsetsKeepIdsAndDigests() {
        ProbeSet set = read(FILE);
        assertEquals(set.probes().subList(0, 1), set.subset(1).probes());
        assertEquals(set, set.subset(99));
        var error = assertThrows(IllegalArgumentException.class, () -> set.subset(0));
        assertEquals("count must be >= 1, got 0", error.getMessage());
    }

    @Test
    void keepsOnlyTheKindsAskedFor() {
        ProbeSet kept = read(FILE).withKinds(Set.of("mine", "rejected"));
        assertEquals(1, kept.size());
        assertEquals(List.of("rejected", "mine"), kept.kinds());
        assertThrows(IllegalArgumentException.class, () -> read(FILE).withKinds(Set.of("nothing")));
    }

    @Test
    void takesOneKindMore() {
        ProbeSet set = read(FILE);
        ProbeSet wider = set.withKind("chosen_initial", List.of("a", "b"));
        assertEquals(
                List.of("chosen", "chosen_initial", "rejected", "mine", "other"), wider.kinds());
        assertEquals("b", wider.probes().get(1).responses().get("chosen_initial"));
        assertEquals(set.responses() + 2, wider.responses());
        assertNotEquals(set.digest(), wider.digest());
        var error =
                assertThrows(IllegalArgumentException.class, () -> set.withKind("k", List.of("a")));
        assertEquals(
                "responses must hold one text for each of the 2 probes, got 1", error.getMessage());
    }

    @Test
    void digestsAreStableAcrossVersions() {
        Probe probe = Probe.of(4, "p", Map.of("chosen", "c", "rejected", "r"));
        assertEquals(
                "f67428cc2d63057b6785a253944c5367246cc79df6a92a21b03dee8c6fa8f28f", probe.digest());
        assertEquals(
                "02c05c2306cf1ab791566365651285782e7793109ba09790cd03800caf93a284",
                new ProbeSet("x", List.of(probe)).digest());
    }

    @Test
    void digestsDependOnTextsNotOnIdsOrOrderOfKinds() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> two = new LinkedHashMap<>();
        two.put("b", "2");
        two.put("a", "1");
        assertEquals(Probe.of(1, "p", one).digest(), Probe.of(2, "p", two).digest());
        two.put("a", "x");
        assertNotEquals(Probe.of(1, "p", one).digest(), Probe.of(1, "p", two).digest());
        assertNotEquals(read(FILE).digest(), read(FILE).subset(1).digest());
    }

    @Test
    void writesWhatItReads() {
        ProbeSet set = read(FILE.replace("\n\n", "\n"));
        Path file = dir.resolve("p.jsonl");
        set.write(file);
        var read = JsonLines.reader(BadLines.FAIL).responses(TextSource.file(file));
        assertEquals(set, ProbeSet.of("set", read));
    }

    @Test
    void refusesEmptySetsAndEqualIds() {
        var empty =
                assertThrows(IllegalArgumentException.class, () -> new ProbeSet("x", List.of()));
        assertEquals("a probe set needs at least one probe, got 0", empty.getMessage());
        Probe probe = Probe.of(7, "p", Map.of("a", "b"));
        var twice =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ProbeSet("x", List.of(probe, probe)));
        assertEquals("probe ids must be unique, got 7 twice", twice.getMessage());
        var none = assertThrows(IllegalArgumentException.class, () -> Probe.of(1, "p", Map.of()));
        assertEquals("responses must hold at least one kind, got none", none.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new Probe(-1, "d", "p", Map.of("a", "b")));
    }

    private static ProbeSet read(String text) {
        return ProbeSet.of(
                "set", JsonLines.reader(BadLines.FAIL).responses(TextSource.text("d", text)));
    }
}
