package org.learningdynamics.it.audit;

import java.util.List;
import java.util.Locale;
import org.learningdynamics.model.GradientVerdict;
import org.learningdynamics.model.SurveyedGradient;

/** The survey as a page for people. */
final class SurveyDocument {
    private static final String START =
            """
            # Gradients of SameDiff 1.0.0-M2.1, measured

            The ops of SameDiff's namespaces, compared with central differences of fourth order in float64
            (step 2e-4). Missing are ops with random, integer or boolean results, and those that did not run
            forwards as they were tried: scatterUpdate, whereNumpy, normalizeMoments,
            dilation2D, lstmblock, sru, sruCell, ctcLoss; an audit calls them unsurveyed. The loss of each comparison is a sum of all output values
            with random weights, so that backward passes that ignore their incoming gradient show.
            Every configuration ran with variables and with other ops' outputs as inputs, and every
            gradient was computed twice. The error is the largest difference divided by the largest
            value of the true gradient of that input.

            | verdict | |
            |---|---|
            | exact | relative error at most 1e-6 |
            | not finite | right in an ordinary range, infinite or NaN at extreme values |
            | inexact | relative error up to 1e-2 |
            | throws | no gradient: the backward pass ends in an exception |
            | wrong | relative error above 1e-2, or two calls that differ, without any sign |
            | crashes | the backward pass kills the process |

            `GraphAudit.of(sameDiff)` looks for these ops in a graph of yours.

            ## Repairs

            `GradientRepairs`, opt-in, in the package `org.learningdynamics.model`:

            | call | what it gives |
            |---|---|
            | `GradientRepairs.installGather()` | the right gradient of `gather`, for tables of any rank, along any axis (counted from the end only where the table's rank is known beforehand), for repeated indices of any rank and tables that are other ops' outputs; in the whole process, for gradient functions made after the call |
            | `GradientRepairs.softmaxCrossEntropy(graph, labels, logits)`, also with weights | losses of examples, right under weights, means and scales, finite for logits of ±10,000 |
            | `GradientRepairs.sparseSoftmaxCrossEntropy(graph, labels, logits, classes)`, also with weights | the same for integer labels |

            A graph whose gradient function was made before `installGather()` keeps the wrong gradient until
            `setLossVariables` makes it anew. The rows below tell of SameDiff without repairs; an audit does
            not report a repaired op. Beside the gradient, the forward pass of `gather` kills the process where
            a table of rank 1 meets indices of rank 2 or more; the repaired one throws instead, in training.

            ## Measuring again

            To measure again, after `./mvnw -DskipTests install` and with the test class path of
            `integration-tests`:

            ```
            java org.learningdynamics.it.audit.GradientSurvey plugin/src/main/resources/org/learningdynamics/model/gradient-survey.tsv docs/samediff-gradients.md
            ```
            """;

    private SurveyDocument() {}

    static String of(List<SurveyedGradient> rows) {
        StringBuilder page = new StringBuilder(START);
        page.append("\n## Wrong, missing or inexact\n\n")
                .append("| op | verdict | condition | worst error | seen in | instead |\n")
                .append("|---|---|---|---|---|---|\n");
        rows.stream()
                .filter(row -> row.verdict() != GradientVerdict.EXACT)
                .forEach(row -> page.append(line(row)));
        page.append("\n## Exact\n\n| op | worst error | configurations |\n|---|---|---|\n");
        rows.stream()
                .filter(row -> row.verdict() == GradientVerdict.EXACT)
                .forEach(
                        row ->
                                page.append(
                                        String.format(
                                                Locale.ROOT,
                                                "| `%s` | %s | %d |%n",
                                                row.op(),
                                                error(row),
                                                row.configurations())));
        return page.toString().replace("\r\n", "\n");
    }

    private static String line(SurveyedGradient row) {
        return "| `"
                + row.op()
                + "` | "
                + row.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " | "
                + row.condition().description()
                + " | "
                + error(row)
                + " | `"
                + row.example().replace("|", "\\|")
                + "` | "
                + row.remedy().replace("|", "\\|")
                + " |\n";
    }

    private static String error(SurveyedGradient row) {
        return Double.isNaN(row.worstError())
                ? "–"
                : String.format(Locale.ROOT, "%.1e", row.worstError());
    }
}
