package org.learningdynamics.samples.cli;

import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.report.TextUse;
import picocli.CommandLine.Option;

/** What a page of runs shows. */
final class PageSettings {
    @Option(
            names = "--title",
            paramLabel = "TEXT",
            defaultValue = ReportOptions.DEFAULT_TITLE,
            description = "Heading of the page (default: ${DEFAULT-VALUE}).")
    private String title = ReportOptions.DEFAULT_TITLE;

    @Option(
            names = "--texts",
            defaultValue = "shown",
            description = "Prompts and responses: ${COMPLETION-CANDIDATES} (default: shown).")
    private TextUse texts = TextUse.SHOWN;

    @Option(
            names = "--max-probes",
            paramLabel = "N",
            defaultValue = "" + ReportOptions.DEFAULT_MAX_PROBES,
            description =
                    "Probes that can be looked at one by one (default: ${DEFAULT-VALUE}); numbers"
                            + " over probes use all.")
    private int maxProbes = ReportOptions.DEFAULT_MAX_PROBES;

    ReportOptions options() {
        return ReportOptions.DEFAULT.title(title).texts(texts).maxProbes(maxProbes);
    }
}
