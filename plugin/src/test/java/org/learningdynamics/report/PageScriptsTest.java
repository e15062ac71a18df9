package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page's scripts share one scope, in which a later function silently replaces an earlier. */
class PageScriptsTest {
    private static final Pattern NAME =
            Pattern.compile("(?m)^(?:async )?(?:function|const|let|var|class) ([\\w$]+)");

    @Test
    void noNameIsDefinedTwice() {
        String script = new ReportPage(Page.of("{}")).contents("script", "").get(1);
        Matcher names = NAME.matcher(script);
        Set<String> seen = new HashSet<>();
        List<String> again = new ArrayList<>();
        while (names.find()) {
            if (!seen.add(names.group(1))) {
                again.add(names.group(1));
            }
        }
        assertTrue(seen.contains("figure") && seen.size() > 100, "found " + seen.size());
        assertEquals(List.of(), again);
    }
}
