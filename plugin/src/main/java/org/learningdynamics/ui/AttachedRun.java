package org.learningdynamics.ui;

import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.report.LiveReport;

/**
 * Run files that Deeplearning4j's UI shows as one session. Closing takes them off the UI; the files
 * stay as they are.
 */
public final class AttachedRun implements AutoCloseable {
    private final String id;
    private final List<Path> files;
    private final LiveReport report;

    AttachedRun(String id, List<Path> files, LiveReport report) {
        this.id = id;
        this.files = List.copyOf(files);
        this.report = report;
    }

    /**
     * The session's id, which its address ends in: random, so that it says nothing about the files.
     *
     * @return 32 hexadecimal digits
     */
    public String id() {
        return id;
    }

    /**
     * Where the UI serves the session.
     *
     * @return the path of its page, from the UI's address
     */
    public String path() {
        return DynamicsUIModule.RUN + id;
    }

    /**
     * The run files.
     *
     * @return the files in the order in which they were given
     */
    public List<Path> files() {
        return files;
    }

    LiveReport report() {
        return report;
    }

    /** Takes the session off the UI; does nothing when repeated. */
    @Override
    public void close() {
        DynamicsUi.detach(this);
    }
}
