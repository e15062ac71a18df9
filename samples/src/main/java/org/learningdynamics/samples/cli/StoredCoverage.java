package org.learningdynamics.samples.cli;

import java.util.Locale;
import java.util.Map;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.Coverage;

/** What a job over checkpoints has scored, and how. */
final class StoredCoverage {
    private StoredCoverage() {}

    static String of(RunFileReader file, Attribution attribution) {
        Coverage coverage = attribution.coverage();
        String scored =
                String.format(
                        Locale.ROOT,
                        "%s, %d responses; %s; %d of %d checkpoints, %d of %d examples scored"
                                + " (%.1f %%)",
                        attribution.query(),
                        attribution.responses().size(),
                        attribution.form().map(StoredCoverage::unit).orElse(""),
                        coverage.recordings(),
                        coverage.updates(),
                        coverage.examplesSeen(),
                        coverage.examplesKnown(),
                        100 * coverage.ofExamples());
        return scored + "\n" + how(file.header().configuration());
    }

    /** With the learning rate, an inner product is a change to first order. */
    private static String unit(InfluenceForm form) {
        return form == InfluenceForm.DOT ? "nats" : InfluenceTable.unit(form);
    }

    private static String how(Map<String, String> settings) {
        String projection = settings.getOrDefault("influence.projection", "none");
        String products = projection.equals("none") ? "exact" : projected(projection, settings);
        return "first order at the checkpoints, "
                + products
                + ", layers "
                + settings.getOrDefault("influence.layers", "all");
    }

    private static String projected(String projection, Map<String, String> settings) {
        double error =
                Double.parseDouble(
                        settings.getOrDefault("influence.projection_standard_error", "NaN"));
        return String.format(
                Locale.ROOT, "projected (%s, standard error %.3f of the norms)", projection, error);
    }
}
