package org.learningdynamics.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One candidate's place in a sweep: where its run files go, and who watches them. Used by one
 * thread.
 */
public final class CandidateWork {
    private final int index;
    private final Path folder;
    private final String kind;
    private final StoppingRules rules;
    private final List<double[]> earlier;
    private final List<Path> files = new ArrayList<>();

    CandidateWork(
            int index, Path folder, String kind, StoppingRules rules, List<double[]> earlier) {
        this.index = index;
        this.folder = folder;
        this.kind = kind;
        this.rules = rules;
        this.earlier = earlier;
    }

    /**
     * The candidate's number.
     *
     * @return from 0
     */
    public int index() {
        return index;
    }

    /** The beginning of the names of all its files. */
    static String prefix(int index) {
        return String.format(Locale.ROOT, "c%04d", index);
    }

    /**
     * Begins a stage.
     *
     * @param stage its name, such as {@code sft}
     * @return the run file to write, which does not exist yet
     */
    public Path file(String stage) {
        Path file =
                folder.resolve(prefix(index) + "-" + (files.size() + 1) + "-" + stage + ".ldyn");
        files.add(file);
        return file;
    }

    /**
     * Watches a stage that others follow: only what is not a number ends it.
     *
     * @param stage its name
     * @return the watch
     */
    public StageWatch watch(String stage) {
        return new StageWatch(stage, kind, Optional.empty(), List.of());
    }

    /**
     * Watches the stage that is scored.
     *
     * @param stage its name
     * @return the watch
     */
    public StageWatch watchLast(String stage) {
        return new StageWatch(stage, kind, Optional.of(rules), earlier);
    }

    /** The run files of all stages begun. */
    List<Path> files() {
        return List.copyOf(files);
    }
}
