package org.learningdynamics.sweep;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.sweep.record.Goal;
import org.learningdynamics.sweep.record.ScoreColumn;

/**
 * What a candidate is judged by, read from the recording of its last stage. Symbols: {@code s_i(t)}
 * is the log-probability of probe i's watched response (kind {@code chosen}, of a classifier {@code
 * label}) at recording t, {@code m_i(t)} that of the likeliest tokens at its positions, {@code L_i}
 * its tokens, T the last recording, {@code 〈·〉} the mean over the probes that have a number; {@code
 * y⁺_j, y⁻_j} are the responses of held-out pair j. All are NaN where nothing was recorded.
 */
public enum Score {
    /** {@code 〈s_i(T)〉}, nats a response. */
    FINAL_LOG_PROB(Goal.MAXIMIZE, "nats", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            return mean(run.likelihoods().values(Measure.LOG_PROB, kind, last));
        }
    },
    /** {@code max_t 〈s_i(t)〉}, nats a response. */
    BEST_LOG_PROB(Goal.MAXIMIZE, "nats", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            int best = best(run, last, kind);
            return mean(run.likelihoods().values(Measure.LOG_PROB, kind, best));
        }
    },
    /**
     * Share of held-out pairs with {@code d_j > 0}, ties counting half, where {@code d_j = [log
     * π_T(y⁺) − log π_0(y⁺)] − [log π_T(y⁻) − log π_0(y⁻)]} and 0 is the last stage's first
     * recording: its reference.
     */
    PREFERENCE_ACCURACY(Goal.MAXIMIZE, "", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            return share(HeldOut.margins(run.likelihoods(), 0, last));
        }
    },
    /** {@code 〈d_j〉} of the held-out pairs, nats; β times it is DPO's reward margin. */
    PREFERENCE_MARGIN(Goal.MAXIMIZE, "nats", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            return mean(HeldOut.margins(run.likelihoods(), 0, last));
        }
    },
    /** Share of held-out pairs with {@code log π_T(y⁺) > log π_T(y⁻)}, ties counting half. */
    RANKING_ACCURACY(Goal.MAXIMIZE, "", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            return share(HeldOut.differences(run.likelihoods(), last));
        }
    },
    /**
     * {@code 〈[m_i(T) − m_i(t*)] − [s_i(T) − s_i(t*)]〉}, nats, where t* is the recording with the
     * highest {@code 〈s_i〉}: by how much the likeliest tokens moved away from the watched responses
     * since these were best; 0 where they end at their best.
     */
    SQUEEZING_INDEX(Goal.MINIMIZE, "nats", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            LikelihoodTable table = run.likelihoods();
            int best = best(run, last, kind);
            double[] argmax = table.change(Measure.ARGMAX_LOG_PROB, kind, best, last);
            double[] watched = table.change(Measure.LOG_PROB, kind, best, last);
            return mean(minus(argmax, watched));
        }
    },
    /** Share of the recordings that a squeezing alarm covers. */
    SQUEEZED_SHARE(Goal.MINIMIZE, "", false),
    /**
     * {@code 〈exp(m_i(T) / L_i)〉}: the likeliest token's probability, geometric mean a response.
     */
    ARGMAX_SHARE(Goal.MINIMIZE, "", true) {
        @Override
        double at(RecordedRun run, int last, String kind) {
            double[] argmax = run.likelihoods().values(Measure.ARGMAX_LOG_PROB, kind, last);
            int[] tokens = HeldOut.tokens(run, kind);
            for (int i = 0; i < argmax.length; i++) {
                argmax[i] = tokens[i] == 0 ? Double.NaN : Math.exp(argmax[i] / tokens[i]);
            }
            return mean(argmax);
        }
    },
    /** Share of held-out prompts whose answer beats the baseline's, ties counting half. */
    ORACLE_WIN_RATE(Goal.MAXIMIZE, "", false),
    /** Median over recordings of Spearman's correlation of predicted and actual changes. */
    TRUST(Goal.MAXIMIZE, "", false),
    /** Seconds of training and scoring, all stages. */
    WALL_TIME(Goal.MINIMIZE, "s", false);

    private final Goal goal;
    private final String unit;
    private final boolean curve;

    Score(Goal goal, String unit, boolean curve) {
        this.goal = goal;
        this.unit = unit;
        this.curve = curve;
    }

    /** The score if the run had ended at a recording; for scores with {@link #isCurve}. */
    double at(RecordedRun run, int last, String kind) {
        throw new UnsupportedOperationException(label() + " is not read at a single recording");
    }

    /**
     * Whether it can be read while a candidate trains, from what is recorded so far.
     *
     * @return true if early stopping can use it
     */
    public boolean isCurve() {
        return curve;
    }

    /**
     * Which values are better.
     *
     * @return the goal
     */
    public Goal goal() {
        return goal;
    }

    /**
     * The name in configurations and files.
     *
     * @return lower case, words joined by underscores
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The score with a name.
     *
     * @param label such as {@code oracle_win_rate}
     * @return the score
     * @throws SweepConfigException if no score has this name
     */
    public static Score of(String label) {
        return Arrays.stream(values())
                .filter(score -> score.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new SweepConfigException(
                                        "score must be one of " + labels() + ", got " + label));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Score::label).collect(Collectors.joining(", "));
    }

    ScoreColumn column() {
        return new ScoreColumn(label(), goal, unit);
    }

    /** The score at every recording. */
    double[] curve(RecordedRun run, String kind) {
        double[] values = new double[run.steps().size()];
        Arrays.setAll(values, t -> at(run, t, kind));
        return values;
    }

    private static int best(RecordedRun run, int last, String kind) {
        KindSeries series = KindSeries.of(run.likelihoods(), Measure.LOG_PROB, kind);
        int best = 0;
        for (int t = 1; t <= last; t++) {
            if (Goal.MAXIMIZE.isBetter(
                    series.means().get(t).mean(), series.means().get(best).mean())) {
                best = t;
            }
        }
        return best;
    }

    private static double[] minus(double[] left, double[] right) {
        double[] difference = left.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= right[i];
        }
        return difference;
    }

    static double mean(double[] values) {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    }

    private static double share(double[] values) {
        return Arrays.stream(values)
                .filter(v -> !Double.isNaN(v))
                .map(v -> (Math.signum(v) + 1) / 2)
                .average()
                .orElse(Double.NaN);
    }
}
