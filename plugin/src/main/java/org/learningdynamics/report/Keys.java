package org.learningdynamics.report;

import java.util.Locale;

/** Names of constants as they stand in the page's data. */
final class Keys {
    private Keys() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
