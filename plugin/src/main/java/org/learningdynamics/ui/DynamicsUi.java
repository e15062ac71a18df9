package org.learningdynamics.ui;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.report.LiveReport;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.report.TextUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that Deeplearning4j's UI shows under {@code /dynamics}, those of this process for every
 * UI server in it. Runs may be attached before or after a server starts, and before their files are
 * there.
 *
 * <p>Deeplearning4j's UI listens on all network interfaces and asks for no password: everybody who
 * reaches the machine's port sees what is attached. Therefore only attached runs can be asked for,
 * by random ids and never by path, and the wording of prompts and responses is left out unless the
 * options say otherwise. {@link org.learningdynamics.report.ReportServer} serves the same page to
 * this machine alone.
 *
 * <p>Safe for use by several threads.
 */
public final class DynamicsUi {
    /** What is shown if nothing else is said: no wording. */
    public static final ReportOptions DEFAULT_OPTIONS =
            ReportOptions.DEFAULT.texts(TextUse.LEFT_OUT);

    private static final Logger LOG = LoggerFactory.getLogger(DynamicsUi.class);
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<AttachedRun> ATTACHED = new CopyOnWriteArrayList<>();

    private DynamicsUi() {}

    /**
     * Shows a run file, without the wording of prompts and responses.
     *
     * @param run the run file, which need not be there yet
     * @return the session, to take it off again
     */
    public static AttachedRun attach(Path run) {
        return attach(List.of(run), DEFAULT_OPTIONS);
    }

    /**
     * Shows the run that a recorder writes, without the wording of prompts and responses. The
     * session stays when the recorder is closed.
     *
     * @param recorder the recorder
     * @return the session, to take it off again
     */
    public static AttachedRun attach(RunFileRecorder recorder) {
        return attach(recorder.path());
    }

    /**
     * Shows run files as one session.
     *
     * @param runs the run files, which need not be there yet; those that continue others are drawn
     *     behind them
     * @param options what to show; {@link TextUse#SHOWN} shows the wording to everybody who reaches
     *     the UI's port
     * @return the session, to take it off again
     * @throws IllegalArgumentException if there is no file
     */
    public static AttachedRun attach(List<Path> runs, ReportOptions options) {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        AttachedRun run =
                new AttachedRun(HexFormat.of().formatHex(id), runs, LiveReport.of(runs, options));
        ATTACHED.add(run);
        LOG.info("{} is shown by Deeplearning4j's UI at {}", runs, run.path());
        return run;
    }

    /**
     * The sessions, in the order in which they were attached.
     *
     * @return those that are attached now
     */
    public static List<AttachedRun> attached() {
        return List.copyOf(ATTACHED);
    }

    static Optional<AttachedRun> find(String id) {
        return ATTACHED.stream().filter(run -> run.id().equals(id)).findFirst();
    }

    static void detach(AttachedRun run) {
        ATTACHED.remove(run);
    }
}
