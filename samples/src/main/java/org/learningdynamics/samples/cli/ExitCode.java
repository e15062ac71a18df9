package org.learningdynamics.samples.cli;

/** What the process returns, for scripts. */
final class ExitCode {
    /** All done. */
    static final int OK = 0;

    /** Something failed that is not the caller's input: disk, memory, a defect. */
    static final int FAILURE = 1;

    /** The command line or the configuration file is wrong. */
    static final int USAGE = 2;

    /** A data, probe, model or run file is wrong; the message names file and line. */
    static final int DATA = 3;

    /** The audit found gradients that are wrong, missing or doubtful. */
    static final int FINDINGS = 4;

    private ExitCode() {}
}
