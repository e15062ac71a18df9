package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ShiftRow;

/**
 * The trust in a recording's predictions over training.
 *
 * @param steps one entry a recording with predicted and actual changes, ascending
 * @param pooled over the rows of all recordings together
 */
public record TrustSeries(List<AtStep> steps, Trust pooled) {
    /**
     * The trust at one recording.
     *
     * @param step the recording
     * @param trust over its responses
     */
    public record AtStep(long step, Trust trust) {}

    /**
     * Copies the list.
     *
     * @param steps one entry a recording
     * @param pooled over all rows
     */
    public TrustSeries {
        steps = List.copyOf(steps);
    }

    /**
     * Reads the changes of a run, one recording at a time. Takes 16 bytes a row, for the pooled
     * figures.
     *
     * @param run the run file
     * @param filter which recordings, kinds and probes
     * @return the figures; no steps if the run holds no changes
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static TrustSeries of(RunFileReader run, RowFilter filter) {
        Collector collector = new Collector();
        run.interactions().forEachShift(filter, collector::add);
        return collector.finish();
    }

    /** Of changes ordered by step. */
    static TrustSeries of(List<ShiftRow> shifts) {
        Collector collector = new Collector();
        shifts.forEach(collector::add);
        return collector.finish();
    }

    /**
     * The median of one figure over recordings; recordings where it is NaN are left out.
     *
     * @param figure such as {@code Trust::spearman}
     * @return the median, NaN if no recording has the figure
     */
    public double median(ToDoubleFunction<Trust> figure) {
        double[] values =
                steps.stream().mapToDouble(step -> figure.applyAsDouble(step.trust())).toArray();
        return Quantiles.of(values, 0.5)[0];
    }

    /** Gathers rows that come ordered by step. */
    private static final class Collector {
        private final List<AtStep> steps = new ArrayList<>();
        private double[] predicted = new double[64];
        private double[] actual = new double[64];
        private int count;
        private int start;
        private long step = -1;

        void add(ShiftRow row) {
            if (row.step() != step) {
                endStep();
                step = row.step();
            }
            if (count == predicted.length) {
                predicted = Arrays.copyOf(predicted, 2 * count);
                actual = Arrays.copyOf(actual, 2 * count);
            }
            predicted[count] = row.predicted();
            actual[count++] = row.actual();
        }

        private void endStep() {
            if (count > start) {
                steps.add(new AtStep(step, between(start)));
                start = count;
            }
        }

        private Trust between(int from) {
            return Trust.of(
                    Arrays.copyOfRange(predicted, from, count),
                    Arrays.copyOfRange(actual, from, count));
        }

        TrustSeries finish() {
            endStep();
            return new TrustSeries(steps, between(0));
        }
    }
}
