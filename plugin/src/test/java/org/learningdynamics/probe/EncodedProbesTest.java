package org.learningdynamics.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;

class EncodedProbesTest {
    private static final SequenceEncoder ENCODER =
            new SequenceEncoder(new ByteTokenizer(), new Truncation(8, 3, KeepPrompt.END));

    @Test
    void allKindsOfAProbeShareOnePrompt() {
        List<EncodedProbeRow> rows = EncodedProbes.encode(set(), ENCODER);
        assertEquals(
                List.of("1 long", "1 short", "2 short"),
                rows.stream().map(row -> row.probe() + " " + row.kind()).toList());
        assertEquals(List.of(3, 3, 5), rows.stream().map(r -> r.encoded().promptLength()).toList());
        assertEquals("cdey", new ByteTokenizer().decode(rows.get(1).encoded().tokens()));
    }

    @Test
    void batchesHoldEveryRowOnceSortedByLength() {
        List<EncodedProbeRow> rows = EncodedProbes.encode(set(), ENCODER);
        List<List<EncodedProbeRow>> batches = EncodedProbes.batches(rows, 2);
        assertEquals(List.of(2, 1), batches.stream().map(List::size).toList());
        List<EncodedProbeRow> flat = batches.stream().flatMap(Collection::stream).toList();
        assertTrue(flat.containsAll(rows));
        assertEquals(List.of(5, 7, 8), flat.stream().map(row -> row.encoded().length()).toList());
        var error =
                assertThrows(IllegalArgumentException.class, () -> EncodedProbes.batches(rows, 0));
        assertEquals("maxRows must be >= 1, got 0", error.getMessage());
    }

    private static ProbeSet set() {
        Map<String, String> first = new LinkedHashMap<>();
        first.put("long", "wxyzw");
        first.put("short", "y");
        return new ProbeSet(
                "s",
                List.of(Probe.of(1, "abcde", first), Probe.of(2, "abcde", Map.of("short", "y"))));
    }
}
