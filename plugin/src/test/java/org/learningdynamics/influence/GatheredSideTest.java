package org.learningdynamics.influence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Learnt rows that come in parts against the same rows at once. */
class GatheredSideTest {
    private static final int LEARNT = 7;
    private static final long SMALLEST = 1 << 20;
    private final GradientSamples samples = new GradientSamples(11);

    @ParameterizedTest
    @CsvSource({
        "UPDATE, true, DOUBLE, 1, 1e-12",
        "UPDATE, true, DOUBLE, 3, 1e-12",
        "UPDATE, false, DOUBLE, 3, 1e-12",
        "DOT, true, DOUBLE, 3, 1e-12",
        "COSINE, false, DOUBLE, 5, 1e-12",
        "UPDATE, true, FLOAT, 3, 2e-6"
    })
    void productsAreThoseOfAllRowsAtOnce(
            InfluenceForm form, boolean preconditioned, DataType type, int each, double tolerance) {
        RowGradients learnt = samples.gradients(LEARNT, 2, type);
        RowGradients observed = samples.gradients(5, 4, type);
        Map<String, ParameterUpdate> updates = samples.updates(preconditioned, type);
        try (GradientInteractions whole =
                        new GradientInteractions(learnt, 0.5, updates, form, SMALLEST);
                GradientInteractions parts =
                        GradientInteractions.ofParts(
                                LEARNT, parts(learnt, each), 0.5, updates, form, SMALLEST)) {
            assertEquals(whole.layers(), parts.layers());
            for (int batch = 0; batch < 2; batch++) {
                compare(whole.with(observed), parts.with(observed), whole, form, tolerance);
            }
            double[] norms = whole.learntNorms();
            assertArrayEquals(norms, parts.learntNorms(), tolerance * norms[0]);
            for (int i = 0; i < LEARNT; i++) {
                assertArrayEquals(
                        whole.learntGram()[i],
                        parts.learntGram()[i],
                        tolerance * norms[0] * norms[0]);
            }
        }
    }

    private static void compare(
            InteractionSums expected,
            InteractionSums got,
            GradientInteractions whole,
            InfluenceForm form,
            double tolerance) {
        double[] norms = expected.observedNorms();
        double size = norms[0] * (form == InfluenceForm.COSINE ? 1 : whole.learntNorms()[0]);
        for (int row = 0; row < norms.length; row++) {
            assertArrayEquals(expected.total()[row], got.total()[row], tolerance * size);
        }
        double step = 400 * tolerance * norms[0]; // norms of the update's parts are about 200
        assertArrayEquals(norms, got.observedNorms(), tolerance * norms[0]);
        assertArrayEquals(expected.totalPredicted(), got.totalPredicted(), step);
        assertArrayEquals(expected.fromBatch(), got.fromBatch(), step);
        assertArrayEquals(expected.fromHistory(), got.fromHistory(), step);
        assertArrayEquals(expected.fromDecay(), got.fromDecay(), step);
    }

    /** Some rows after the others. */
    private static List<RowGradients> parts(RowGradients all, int each) {
        List<RowGradients> parts = new ArrayList<>();
        for (int from = 0; from < all.rows(); from += each) {
            int to = Math.min(all.rows(), from + each);
            int first = from;
            parts.add(
                    new RowGradients(
                            to - from,
                            all.parameters().stream()
                                    .map(g -> GradientSamples.rows(g, first, to))
                                    .toList()));
        }
        return parts;
    }

    @Test
    void aPartIsFreedBeforeTheNextIsAskedFor() {
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.FLOAT);
        List<String> happened = new ArrayList<>();
        List<RowGradients> parts = parts(learnt, 3);
        Iterable<RowGradients> asked =
                () ->
                        IntStream.range(0, 3)
                                .mapToObj(
                                        i -> {
                                            happened.add("asked " + i);
                                            return new RowGradients(
                                                    parts.get(i).rows(),
                                                    parts.get(i).parameters(),
                                                    () -> happened.add("freed " + i));
                                        })
                                .iterator();
        try (GradientInteractions all =
                GradientInteractions.ofParts(
                        LEARNT, asked, 1, Map.of(), InfluenceForm.DOT, SMALLEST)) {
            assertEquals(
                    List.of("asked 0", "freed 0", "asked 1", "freed 1", "asked 2", "freed 2"),
                    happened);
            long values =
                    GradientSamples.PARAMETERS.stream()
                            .mapToLong(p -> p.rows() * p.columns())
                            .sum();
            long kept = LEARNT * values * Float.BYTES;
            assertTrue(all.heldBytes() >= kept, "held " + all.heldBytes());
            assertTrue(all.heldBytes() <= kept + SMALLEST, "held " + all.heldBytes());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6, 'parts must have 6 rows together, got 7 or more'",
        "8, 'parts must have 8 rows together, got 7'"
    })
    void anotherNumberOfRowsIsRefused(int rows, String message) {
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.FLOAT);
        assertEquals(message, refused(rows, parts(learnt, 4)));
    }

    @Test
    void partsWithOtherParametersAreRefused() {
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.FLOAT);
        List<RowGradients> parts = parts(learnt, 4);
        parts.set(1, new RowGradients(3, parts.get(1).parameters().subList(0, 3)));
        assertEquals(
                "parts must have the parameters [table, wide, steep, bias], got [table, wide,"
                        + " steep]",
                refused(LEARNT, parts));
    }

    private static String refused(int rows, List<RowGradients> parts) {
        return String.valueOf(
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        GradientInteractions.ofParts(
                                                rows,
                                                parts,
                                                1,
                                                Map.of(),
                                                InfluenceForm.DOT,
                                                SMALLEST))
                        .getMessage());
    }
}
