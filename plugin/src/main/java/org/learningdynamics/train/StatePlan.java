package org.learningdynamics.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where and how often a run writes what it can be resumed from.
 *
 * @param directory must exist
 * @param every updates from one state to the next
 * @param keep how many of the newest are kept
 */
record StatePlan(Path directory, int every, int keep) {
    StatePlan {
        if (every < 1) {
            throw new IllegalArgumentException("every must be >= 1, got " + every);
        }
        if (keep < 1) {
            throw new IllegalArgumentException("keep must be >= 1, got " + keep);
        }
    }

    void requireDirectory() {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "states must go to an existing directory, got " + directory);
        }
    }

    void write(String run, int updates, StateFolder.Content content) {
        StateFolder folders = new StateFolder(directory, run);
        try {
            folders.write(updates, content);
            folders.keep(keep);
        } catch (IOException e) {
            throw new UncheckedIOException(folders.folder(updates) + " must be writable", e);
        }
    }

    void clean(String run) {
        try {
            new StateFolder(directory, run).clean();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " must be readable", e);
        }
    }
}
