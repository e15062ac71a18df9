package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rows that are shipped. */
class SurveyedGradientTest {
    private static final List<SurveyedGradient> ALL = SurveyedGradient.all();

    @Test
    void coversTheOpsOfLanguageModels() {
        Set<String> ops = new HashSet<>(ALL.stream().map(SurveyedGradient::op).toList());
        assertTrue(
                ops.containsAll(
                        List.of(
                                "matmul",
                                "softmax",
                                "reduce_mean",
                                "gather",
                                "reshape",
                                "permute")),
                ops.toString());
        assertTrue(ops.size() > 150, ops.size() + " ops");
    }

    @Test
    void everyOpAndConditionOccursOnce() {
        Set<String> seen = new HashSet<>();
        ALL.forEach(row -> assertTrue(seen.add(row.op() + " " + row.condition()), row.op()));
    }

    @Test
    void whatIsNotExactHasARemedyAndWhatIsExactHasAnErrorBelowTheBound() {
        for (SurveyedGradient row : ALL) {
            if (row.verdict() == GradientVerdict.EXACT) {
                assertTrue(row.worstError() <= 1e-6, row.line());
                assertEquals("", row.remedy());
            } else {
                assertFalse(row.remedy().isEmpty(), row.line());
            }
        }
    }

    @Test
    void rejectsRowsWithoutConfigurations() {
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new SurveyedGradient(
                                        "add",
                                        GraphCondition.ALWAYS,
                                        GradientVerdict.EXACT,
                                        0,
                                        0,
                                        "",
                                        ""));
        assertEquals("configurations must be >= 1, got 0", error.getMessage());
    }
}
