package org.learningdynamics.model;

import org.jspecify.annotations.Nullable;

/** What the way forward keeps for the way back. */
final class Kept {
    private Kept() {}

    static <T> T from(@Nullable T kept) {
        if (kept == null) {
            throw new IllegalStateException("the way back must come after the way forward");
        }
        return kept;
    }
}
