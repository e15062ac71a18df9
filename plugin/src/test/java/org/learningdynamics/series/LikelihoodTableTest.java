package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ResponseRow;

class LikelihoodTableTest {
    private static final List<ResponseRow> RESPONSES =
            List.of(
                    new ResponseRow(7, "b", "", 1),
                    new ResponseRow(2, "b", "", 1),
                    new ResponseRow(2, "a", "", 1));

    private static LikelihoodRow row(long step, int probe, String kind, double logProb) {
        return new LikelihoodRow(step, probe, kind, logProb, 1, 2, 3, 4, 5, 6, 1);
    }

    @Test
    void keepsKindsInFileOrderAndProbesAscending() {
        LikelihoodTable table = LikelihoodTable.builder(List.of(0L, 5L), RESPONSES).build();
        assertEquals(List.of("b", "a"), table.kinds());
        assertArrayEquals(new int[] {2, 7}, table.probes("b"));
        assertArrayEquals(new int[0], table.probes("unknown"));
        assertEquals(2, table.recordings());
    }

    @Test
    void findsEveryMeasureWhereItWasPut() {
        LikelihoodTable table =
                LikelihoodTable.builder(List.of(0L, 5L), RESPONSES)
                        .add(row(5, 7, "b", -3))
                        .add(row(0, 7, "b", -1))
                        .build();
        assertArrayEquals(new double[] {Double.NaN, -3}, table.values(Measure.LOG_PROB, "b", 1));
        assertArrayEquals(new double[] {Double.NaN, -2}, table.change(Measure.LOG_PROB, "b", 0, 1));
        assertArrayEquals(new double[] {-1, -3}, table.curve(Measure.LOG_PROB, "b", 1));
        assertTrue(table.has("b", 1, 1));
        assertFalse(table.has("b", 1, 0));
        double expected = 1;
        for (Measure measure : Measure.values()) {
            if (measure != Measure.LOG_PROB) {
                assertEquals(expected++, table.values(measure, "b", 1)[1], measure.column());
            }
        }
    }

    @Test
    void handsOutCopies() {
        LikelihoodTable table =
                LikelihoodTable.builder(List.of(0L), RESPONSES).add(row(0, 2, "a", -1)).build();
        table.values(Measure.LOG_PROB, "a", 0)[0] = 99;
        assertEquals(-1, table.values(Measure.LOG_PROB, "a", 0)[0]);
    }

    @Test
    void rejectsRowsWithoutRecordingOrResponse() {
        LikelihoodTable.Builder builder = LikelihoodTable.builder(List.of(0L), RESPONSES);
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> builder.add(row(0, 7, "a", 0)));
        assertEquals(
                "likelihood row must belong to a recording and a response, got step 0, probe 7,"
                        + " kind a",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.add(row(1, 2, "a", 0)));
        assertThrows(IllegalArgumentException.class, () -> builder.add(row(0, 2, "c", 0)));
    }

    @Test
    void rejectsStepsOutOfOrder() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LikelihoodTable.builder(List.of(3L, 3L), RESPONSES));
        assertEquals("steps must ascend, got 3 after 3", e.getMessage());
    }
}
