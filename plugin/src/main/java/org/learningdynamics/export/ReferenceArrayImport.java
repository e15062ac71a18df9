package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.learningdynamics.recording.RunTableWriter;

/**
 * Makes a run file from an array {@code [recordings, rows, probes]} of the reference. One recording
 * is in memory.
 */
final class ReferenceArrayImport {
    private static final int AXES = 3;
    private static final long MAX_PROBES = 1_000_000;
    private static final String SET_NAME = "prob_train";

    private final NpyReader array;
    private final long recordings;
    private final int rows;
    private final int probes;

    private ReferenceArrayImport(Path file, NpyReader array) {
        this.array = array;
        long[] shape = array.shape();
        if (shape.length != AXES
                || shape[0] == 0
                || (shape[1] != 17 && shape[1] != 28)
                || shape[2] == 0
                || shape[2] > MAX_PROBES) {
            throw new ExchangeException(
                    file
                            + ": array must be [recordings >= 1, 17 or 28 rows, 1 to "
                            + MAX_PROBES
                            + " probes], got "
                            + Arrays.toString(shape));
        }
        this.recordings = shape[0];
        this.rows = (int) shape[1];
        this.probes = (int) shape[2];
    }

    static Path read(Path file, Path run, ReferenceOptions options) throws IOException {
        try (NpyReader array = NpyReader.open(file)) {
            return new ReferenceArrayImport(file, array).write(file, run, options);
        }
    }

    private Path write(Path file, Path run, ReferenceOptions options) throws IOException {
        ReferenceLayout layout = ReferenceLayout.of(rows, normFirst(file));
        List<ReferenceSlot> slots = layout.slots(options.sharedRows());
        try (RunTableWriter writer = RunTableWriter.create(run)) {
            ReferenceRun target = new ReferenceRun(writer, options, slots);
            target.start(
                    file,
                    layout.name(),
                    FileDigest.sha256(file),
                    Collections.nCopies(probes, SET_NAME));
            for (long recording = 0; recording < recordings; recording++) {
                double[][] values = recording(recording);
                requireArgmaxAbove(recording, slots, values);
                target.recording(recording, values);
            }
            return writer.finish();
        }
    }

    /** The sign of the first row, the same over all recordings and probes. */
    private boolean normFirst(Path file) throws IOException {
        boolean positive = false;
        boolean negative = false;
        for (long recording = 0; recording < recordings; recording++) {
            for (double value : array.values(recording * rows * probes, probes)) {
                positive |= value > 0;
                negative |= value < 0;
            }
        }
        if (positive == negative) {
            throw new ExchangeException(
                    file
                            + ": first row must be positive (norms) or negative"
                            + " (log-probabilities), got "
                            + (positive ? "both" : "neither"));
        }
        return positive;
    }

    /** The values of a recording // [probes][rows]. */
    private double[][] recording(long recording) throws IOException {
        double[][] values = new double[probes][rows];
        for (int row = 0; row < rows; row++) {
            double[] ofProbes = array.values((recording * rows + row) * probes, probes);
            for (int probe = 0; probe < probes; probe++) {
                values[probe][row] = ofProbes[probe];
            }
        }
        return values;
    }

    /** No response is likelier than its likeliest tokens, or the rows are another kind's. */
    private void requireArgmaxAbove(long recording, List<ReferenceSlot> slots, double[][] values) {
        int argmax = slots.indexOf(new ReferenceSlot("chosen", ReferenceMeasure.ARGMAX));
        int logProb = slots.indexOf(new ReferenceSlot("chosen", ReferenceMeasure.LOG_PROB));
        if (argmax < 0) {
            return;
        }
        for (int probe = 0; probe < probes; probe++) {
            double most = values[probe][argmax];
            double own = values[probe][logProb];
            if (most < own - 1e-3 * Math.abs(own)) {
                throw new ExchangeException(
                        array.place((recording * rows + argmax) * probes + probe)
                                + ": argmax_log_prob of chosen must be >= its log_prob "
                                + own
                                + ", got "
                                + most
                                + "; the rows are those of another kind");
            }
        }
    }
}
