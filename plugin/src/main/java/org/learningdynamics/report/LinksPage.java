package org.learningdynamics.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A page that leads to reports, for servers that show several. */
public final class LinksPage {
    private LinksPage() {}

    /**
     * A link.
     *
     * @param text what it says; shown as text, whatever it holds
     * @param address where it leads
     */
    public record Link(String text, String address) {}

    /**
     * Writes the page. It looks at itself again every ten seconds and runs no script.
     *
     * @param title its heading
     * @param reports where the reports are
     * @param elsewhere where else to go
     * @return HTML
     */
    public static String of(String title, List<Link> reports, List<Link> elsewhere) {
        String style = Page.resource("report.css");
        String policy =
                "default-src 'none'; style-src 'sha256-"
                        + Page.sha256(style)
                        + "'; img-src data:; base-uri 'none'; form-action 'none'";
        return Page.fill(
                Page.resource("links.html"),
                Map.of(
                        "policy",
                        policy,
                        "style",
                        style,
                        "title",
                        Page.escape(title),
                        "reports",
                        reports.isEmpty()
                                ? "<p class=\"empty\">No run is attached.</p>"
                                : list(reports),
                        "elsewhere",
                        list(elsewhere)));
    }

    private static String list(List<Link> links) {
        return links.stream()
                .map(
                        link ->
                                "<li><a dir=\"auto\" href=\""
                                        + Page.escape(link.address())
                                        + "\">"
                                        + Page.escape(link.text())
                                        + "</a></li>")
                .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
    }
}
