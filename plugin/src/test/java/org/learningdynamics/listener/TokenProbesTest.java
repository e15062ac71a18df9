package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.nd4j.linalg.api.ndarray.INDArray;

class TokenProbesTest {
    private static final int PADDING = 9;

    private static EncodedProbeRow row(int probe, String kind, int promptLength, int... tokens) {
        return new EncodedProbeRow(probe, kind, new EncodedResponse(tokens, promptLength));
    }

    @Test
    void batchesRowsOfSimilarLengthUnderTheTokenBound() {
        List<EncodedProbeRow> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(row(i, "chosen", 1, new int[3 + i]));
        }
        TokenProbes probes = TokenProbes.builder(rows, PADDING).tokensPerBatch(20).build();
        Set<Integer> seen = new HashSet<>();
        for (ProbeBatch batch : probes.batches()) {
            INDArray ids = batch.input().features().get(0);
            assertEquals(batch.rows(), ids.size(0));
            assertEquals(true, ids.length() <= 20);
            batch.readings().get(0).names().forEach(name -> seen.add(name.probe()));
        }
        assertEquals(10, seen.size());
        assertEquals(
                List.of(1, 2, 2, 3, 2), probes.batches().stream().map(ProbeBatch::rows).toList());
    }

    @Test
    void aRowLongerThanTheBoundIsABatchOfItsOwn() {
        TokenProbes probes =
                TokenProbes.builder(
                                List.of(row(0, "a", 1, new int[50]), row(1, "a", 1, new int[4])),
                                PADDING)
                        .tokensPerBatch(10)
                        .build();
        assertEquals(List.of(1, 1), probes.batches().stream().map(ProbeBatch::rows).toList());
    }

    @Test
    void labelsAreTheResponseTokensShiftedByOne() {
        TokenProbes probes =
                TokenProbes.builder(
                                List.of(row(3, "a", 2, 1, 2, 3, 4), row(5, "b", 1, 5, 6)), PADDING)
                        .build();
        ProbeBatch batch = probes.batches().get(0);
        assertArrayEquals(
                new int[][] {{1, 2, 3}, {5, PADDING, PADDING}},
                batch.input().features().get(0).toIntMatrix());
        int no = TokenBatch.IGNORED;
        assertArrayEquals(
                new int[][] {{no, 3, 4}, {6, no, no}}, batch.readings().get(0).labels().at(3));
        assertEquals(
                List.of(new ProbeBatch.RowName(3, "a"), new ProbeBatch.RowName(5, "b")),
                batch.readings().get(0).names());
    }

    @Test
    void runFileRowsHoldTheTexts() {
        Map<String, String> responses = new LinkedHashMap<>();
        responses.put("chosen", "yes");
        responses.put("rejected", "no");
        TokenProbes probes =
                TokenProbes.builder(
                                List.of(
                                        row(4, "chosen", 2, 1, 2, 3),
                                        row(4, "rejected", 2, 1, 2, 4, 5)),
                                PADDING)
                        .texts(List.of(new Probe(4, "d1", "really?", responses)))
                        .setName("questions")
                        .build();
        assertEquals(List.of(new ProbeRow(4, "d1", "questions", "really?")), probes.probeRows());
        assertEquals(
                List.of(
                        new ResponseRow(4, "chosen", "yes", 1),
                        new ResponseRow(4, "rejected", "no", 2)),
                probes.responseRows());
    }

    @Test
    void withoutTextsAProbeIsKnownByTheDigestOfItsTokens() {
        String one = digestOf(row(4, "chosen", 2, 1, 2, 3));
        assertEquals(64, one.length());
        assertEquals(one, digestOf(row(4, "chosen", 2, 1, 2, 3)));
        assertNotEquals(one, digestOf(row(4, "chosen", 1, 1, 2, 3)));
        assertNotEquals(one, digestOf(row(4, "chosen", 2, 1, 2, 4)));
        assertNotEquals(one, digestOf(row(4, "rejected", 2, 1, 2, 3)));
    }

    private static String digestOf(EncodedProbeRow row) {
        TokenProbes probes = TokenProbes.builder(List.of(row), PADDING).build();
        assertEquals(probes.digest(), probes.probeRows().get(0).digest());
        return probes.digest();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertEquals(
                "rows must hold at least one response, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TokenProbes.builder(List.of(), PADDING))
                        .getMessage());
        List<EncodedProbeRow> twice =
                List.of(row(0, "a", 1, 1, 2), row(1, "a", 1, 1, 2), row(0, "a", 1, 3, 4));
        assertEquals(
                "probe and kind must be unique, got probe 0 with kind \"a\" twice",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TokenProbes.builder(twice, PADDING).build())
                        .getMessage());
        assertEquals(
                "paddingId must be >= 0, got -1",
                assertThrows(IllegalArgumentException.class, () -> TokenProbes.builder(twice, -1))
                        .getMessage());
        assertEquals(
                "tokensPerBatch must be >= 1, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TokenProbes.builder(twice, 0).tokensPerBatch(0))
                        .getMessage());
    }
}
