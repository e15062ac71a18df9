package org.learningdynamics.ui;

import java.util.List;
import org.deeplearning4j.ui.api.I18N;
import org.deeplearning4j.ui.i18n.I18NProvider;
import org.deeplearning4j.ui.i18n.I18NResource;

/**
 * A link from the side bar of Deeplearning4j's own pages to ours. Those pages take their wording
 * from the modules, as it is, and English wording where a language has none: so there is a language
 * of ours that words the bar's last entry anew, and it is the default in the place of English.
 *
 * <p>A language that the program or a user chooses brings its own bar, without the link; so do
 * sessions of a server with many, each of which has a language of its own.
 */
final class PageLinks {
    static final String LANGUAGE = "dynamics";

    private static final String ENGLISH = "en";

    private PageLinks() {}

    /** The wording. */
    static List<I18NResource> wording() {
        return List.of(new I18NResource("org/learningdynamics/ui/pages." + LANGUAGE));
    }

    /** Makes it the default, unless another language than English is. */
    static void add() {
        I18N texts = I18NProvider.getInstance();
        if (texts.getDefaultLanguage().equals(ENGLISH)) {
            texts.setDefaultLanguage(LANGUAGE);
        }
    }
}
