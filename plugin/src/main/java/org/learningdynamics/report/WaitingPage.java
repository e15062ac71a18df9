package org.learningdynamics.report;

import java.util.List;
import java.util.Map;

/** The page that stands in for a report as long as there is nothing to draw. */
final class WaitingPage {
    private WaitingPage() {}

    static String of(String problem, List<String> missing) {
        String style = Page.resource("report.css");
        String policy =
                "default-src 'none'; style-src 'sha256-"
                        + Page.sha256(style)
                        + "'; img-src data:; base-uri 'none'; form-action 'none'";
        String reason =
                problem.isEmpty()
                        ? "Not there yet: " + String.join(", ", missing) + "."
                        : problem + ".";
        return Page.fill(
                Page.resource("waiting.html"),
                Map.of("policy", policy, "style", style, "reason", Page.escape(reason)));
    }
}
