package org.learningdynamics.it.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.learningdynamics.model.GradientVerdict;
import org.learningdynamics.model.SurveyedGradient;

/**
 * Compares the gradient of every differentiable op of SameDiff with central differences and writes
 * the resource that {@code GraphAudit} reads, and the page made from it. A case that kills its
 * process runs once more alone, in a process of its own; the survey goes on with the next. Takes
 * about three minutes. Arguments: the resource, the page.
 */
public final class GradientSurvey {
    private GradientSurvey() {}

    /**
     * Runs the survey.
     *
     * @param arguments the resource, the page
     * @throws IOException if a process cannot be started or a file not be written
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<SurveyRun> runs = SurveyRun.all();
        List<SurveyedGradient> rows = new SurveyTable(runs, outcomes(runs.size())).rows();
        Files.write(
                Path.of(arguments[0]),
                Stream.concat(
                                Stream.of(SurveyedGradient.HEAD),
                                rows.stream().map(SurveyedGradient::line))
                        .toList());
        Files.writeString(Path.of(arguments[1]), SurveyDocument.of(rows));
    }

    private static List<Outcome> outcomes(int runs) throws IOException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        while (outcomes.size() < runs) {
            boolean well;
            try (SurveyWorker worker = new SurveyWorker(outcomes.size(), runs)) {
                Optional<Outcome> next = worker.next();
                while (next.isPresent()) {
                    outcomes.add(next.get());
                    next = worker.next();
                }
                well = worker.endedWell();
            }
            if (!well && outcomes.size() < runs) {
                outcomes.add(alone(outcomes.size()));
            }
        }
        return outcomes;
    }

    /** A case after which a process ended runs once more alone: others may be to blame. */
    private static Outcome alone(int run) throws IOException, InterruptedException {
        try (SurveyWorker worker = new SurveyWorker(run, run + 1)) {
            Optional<Outcome> outcome = worker.next();
            return outcome.isPresent()
                    ? outcome.get()
                    : new Outcome(
                            GradientVerdict.CRASHES, true, Double.NaN, List.of(), worker.ending());
        }
    }
}
