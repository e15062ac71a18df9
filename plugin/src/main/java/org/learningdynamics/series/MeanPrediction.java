package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.ResponseRow;

/**
 * The mean predicted distribution of each true class at one recording of a classifier: {@code
 * P(j|c) = mean of π(j|x) over the probes x of class c}.
 *
 * <p>Needs a run that records every class as a kind beside the kind {@value #LABEL} (probes of kind
 * {@code EVERY_CLASS}). Probes whose distribution was not measured, or is NaN, are left out.
 *
 * @param classes the classes in the order of the file // [V]
 * @param probabilities P, rows by true class; NaN in the row of a class without probes // [V][V]
 * @param accuracy share of the probes whose label is (one of) the likeliest; NaN without any
 */
public record MeanPrediction(List<String> classes, double[][] probabilities, double accuracy) {
    /** The kind whose text names the true class. */
    public static final String LABEL = "label";

    /**
     * Copies what it is given.
     *
     * @param classes the classes
     * @param probabilities P, rows by true class
     * @param accuracy share of right probes
     * @throws IllegalArgumentException if P is not V × V
     */
    public MeanPrediction {
        classes = List.copyOf(classes);
        double[][] rows = probabilities;
        probabilities = new double[classes.size()][];
        for (int c = 0; c < probabilities.length; c++) {
            if (rows.length != probabilities.length || rows[c].length != rows.length) {
                throw new IllegalArgumentException(
                        "probabilities must be square with one row a class, got "
                                + rows.length
                                + " rows for "
                                + classes.size()
                                + " classes");
            }
            probabilities[c] = rows[c].clone();
        }
    }

    /**
     * Averages one recording of a run. Cost: one pass over its rows.
     *
     * @param run a run of a classifier
     * @param recording index of the recording
     * @return the mean prediction
     * @throws IllegalArgumentException if the run does not record every class
     * @throws IndexOutOfBoundsException if there is no such recording
     */
    public static MeanPrediction of(RecordedRun run, int recording) {
        LikelihoodTable table = run.likelihoods();
        List<String> classes = new ArrayList<>(table.kinds());
        Map<Integer, Integer> truth = truth(run, classes);
        double[][] sums = new double[classes.size()][classes.size()];
        int[][] counts = new int[classes.size()][classes.size()];
        for (int j = 0; j < classes.size(); j++) {
            int[] probes = table.probes(classes.get(j));
            double[] logProbs = table.values(Measure.LOG_PROB, classes.get(j), recording);
            for (int i = 0; i < probes.length; i++) {
                Integer c = truth.get(probes[i]);
                if (c != null && !Double.isNaN(logProbs[i])) {
                    sums[c][j] += Math.exp(logProbs[i]);
                    counts[c][j]++;
                }
            }
        }
        for (int c = 0; c < sums.length; c++) {
            int[] count = counts[c];
            double[] row = sums[c];
            Arrays.setAll(row, j -> row[j] / count[j]);
        }
        return new MeanPrediction(classes, sums, accuracy(table, recording));
    }

    /**
     * Whether a run records what is needed: the kind {@value #LABEL}, at least two other kinds, and
     * a label that names one of them.
     *
     * @param run any run
     * @return true if {@link #of} takes it
     */
    public static boolean isRecordedBy(RecordedRun run) {
        List<String> kinds = run.likelihoods().kinds();
        return kinds.contains(LABEL)
                && kinds.size() > 2
                && run.responses().stream()
                        .filter(response -> response.kind().equals(LABEL))
                        .anyMatch(response -> kinds.contains(response.text()));
    }

    /** Class index by probe; leaves the classes alone in the list of kinds. */
    private static Map<Integer, Integer> truth(RecordedRun run, List<String> classes) {
        if (!classes.remove(LABEL) || classes.size() < 2) {
            throw new IllegalArgumentException(
                    "run must record the kind \"label\" and every class as a kind, got "
                            + run.likelihoods().kinds());
        }
        Map<String, Integer> index = new HashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        Map<Integer, Integer> truth = new TreeMap<>();
        for (ResponseRow response : run.responses()) {
            Integer c = index.get(response.text());
            if (response.kind().equals(LABEL) && c != null) {
                truth.put(response.probe(), c);
            }
        }
        return truth;
    }

    private static double accuracy(LikelihoodTable table, int recording) {
        double[] label = table.values(Measure.LOG_PROB, LABEL, recording);
        double[] best = table.values(Measure.ARGMAX_LOG_PROB, LABEL, recording);
        int right = 0;
        int count = 0;
        for (int i = 0; i < label.length; i++) {
            if (!Double.isNaN(label[i])) {
                right += label[i] == best[i] ? 1 : 0;
                count++;
            }
        }
        return (double) right / count;
    }

    /**
     * How much two classes are held for each other: {@code (P(b|a) + P(a|b))/2}.
     *
     * @param a a class index
     * @param b another class index
     * @return the mean probability on the other class
     */
    public double pull(int a, int b) {
        return (probabilities[a][b] + probabilities[b][a]) / 2;
    }

    /**
     * What a pair would have if all wrong classes were equally likely: the mean of P off its
     * diagonal.
     *
     * @return mean probability of a wrong class
     */
    public double meanPull() {
        double sum = 0;
        for (int c = 0; c < probabilities.length; c++) {
            sum += Arrays.stream(probabilities[c]).sum() - probabilities[c][c];
        }
        return sum / (probabilities.length * (probabilities.length - 1.0));
    }
}
