package org.learningdynamics.lm.pretrained;

import java.util.List;
import java.util.stream.Collectors;

/** Long lists in messages. */
final class Names {
    private static final int SHOWN = 10;

    private Names() {}

    /** The first ten, and how many more there are. */
    static String some(List<String> names) {
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        int rest = names.size() - SHOWN;
        return rest > 0 ? first + " and " + rest + " more" : first;
    }
}
