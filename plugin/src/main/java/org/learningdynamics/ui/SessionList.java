package org.learningdynamics.ui;

import java.util.List;
import org.learningdynamics.report.LinksPage;

/** The sessions as a page, with the way back to Deeplearning4j's own pages. */
final class SessionList {
    private static final List<LinksPage.Link> OWN_PAGES =
            List.of(new LinksPage.Link("Deeplearning4j's training pages", "/train"));

    private SessionList() {}

    static String page(List<AttachedRun> sessions) {
        List<LinksPage.Link> links =
                sessions.stream().map(run -> new LinksPage.Link(name(run), run.path())).toList();
        return LinksPage.of("Learning dynamics", links, OWN_PAGES);
    }

    private static String name(AttachedRun run) {
        return String.join(", ", run.report().names());
    }
}
