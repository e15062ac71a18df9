package org.learningdynamics.it.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.learningdynamics.model.GradientVerdict;
import org.learningdynamics.model.SurveyedGradient;

/** The survey's page, its data and the installed DL4J agree. */
class GradientSurveyTest {
    private static final Path PAGE = Path.of("..", "docs", "samediff-gradients.md");

    /** Quick cases that write within bounds; with them another DL4J version shows itself. */
    private static final Set<String> SUBSET =
            Set.of(
                    "sd.math().tanh(x)",
                    "sd.math().cross(a, b)",
                    "sd.cumsum(x, axis)",
                    "sd.cumprod(x, axis)",
                    "sd.gatherNd(x, indices)",
                    "sd.scatterAdd(x, indices, updates)",
                    "sd.loss().meanSquaredError",
                    "sd.loss().sparseSoftmaxCrossEntropy(logits, labels)",
                    "sd.nn().preciseGelu(x)",
                    "sd.nn().softplus(x)",
                    "sd.nn().logSoftmax(x)",
                    "sd.nn().logSoftmax(x, dim)",
                    "sd.mmul(a, b)");

    @Test
    void thePageIsMadeFromTheShippedRows() throws IOException {
        assertEquals(
                SurveyDocument.of(SurveyedGradient.all()),
                Files.readString(PAGE).replace("\r\n", "\n"));
    }

    @Test
    void everyShippedRemedyIsThatOfTheTable() {
        SurveyedGradient.all()
                .forEach(
                        row ->
                                assertEquals(
                                        Remedies.of(row.op(), row.condition(), row.verdict()),
                                        row.remedy(),
                                        row.line()));
    }

    @Test
    void verdictsOfEverySortHoldForTheInstalledVersion() {
        List<SurveyRun> runs =
                SurveyRun.all().stream()
                        .filter(run -> SUBSET.contains(run.gradientCase().call()))
                        .filter(run -> run.source() == GradientCheck.Source.VARIABLE)
                        .toList();
        List<SurveyedGradient> rows =
                new SurveyTable(runs, runs.stream().map(SurveyRun::outcome).toList()).rows();
        Set<String> shipped =
                SurveyedGradient.all().stream()
                        .map(GradientSurveyTest::verdict)
                        .collect(Collectors.toCollection(HashSet::new));
        rows.forEach(row -> assertTrue(shipped.contains(verdict(row)), row.line()));
        assertEquals(
                EnumSet.of(
                        GradientVerdict.EXACT,
                        GradientVerdict.NOT_FINITE,
                        GradientVerdict.INEXACT,
                        GradientVerdict.THROWS,
                        GradientVerdict.WRONG),
                EnumSet.copyOf(rows.stream().map(SurveyedGradient::verdict).toList()));
    }

    private static String verdict(SurveyedGradient row) {
        return row.op() + " " + row.condition() + " " + row.verdict();
    }
}
