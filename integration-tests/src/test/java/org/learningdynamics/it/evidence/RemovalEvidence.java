package org.learningdynamics.it.evidence;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;

/**
 * Does leaving out the examples that are ranked most harmful to a held-out image help it more than
 * leaving out as many others? For each image the most harmful examples by influence summed over
 * every update are removed and the network trained anew from the same start; so it is without
 * random examples, and without random examples of other digits than the image's, several draws
 * each. Arguments: seeds (1 to 5).
 */
public final class RemovalEvidence {
    private static final int PROBES = 40;
    private static final int REMOVED = 20;
    private static final int DRAWS = 5;
    private static final long RANDOM = 1; // family of draws; one more a digit

    private final DigitTraining training;
    private final HeldOutDigits probes;
    private final int removed;
    private final int draws;

    /**
     * Plans one seed.
     *
     * @param training what is trained
     * @param probes held-out images
     * @param removed examples left out at a time
     * @param draws random sets of them
     */
    RemovalEvidence(DigitTraining training, HeldOutDigits probes, int removed, int draws) {
        this.training = training;
        this.probes = probes;
        this.removed = removed;
        this.draws = draws;
    }

    /**
     * By how much removal changes a held-out image's log-probability, one value an image (nats).
     *
     * @param harmful without the most harmful examples // [probes]
     * @param random mean over sets drawn from all examples // [probes]
     * @param others mean over sets drawn from the examples of other digits // [probes]
     * @param accuracy share of held-out images that the network trained on everything has right
     */
    record Changes(double[] harmful, double[] random, double[] others, double accuracy) {
        Interval overRandom() {
            return difference(random);
        }

        Interval overOthers() {
            return difference(others);
        }

        private Interval difference(double[] baseline) {
            return MeanInterval.bootstrap(minus(harmful, baseline));
        }
    }

    /**
     * Runs all seeds and prints a line each.
     *
     * @param arguments seeds
     */
    public static void main(String[] arguments) {
        print(System.out, Seeds.of(arguments));
    }

    private static void print(PrintStream out, long... seeds) {
        out.printf(
                Locale.ROOT,
                "%s; %d removed, %d held-out images, %d draws; nats%n",
                plan(1),
                REMOVED,
                PROBES,
                DRAWS);
        MarkdownTable table =
                new MarkdownTable(
                        out,
                        "seed",
                        "right",
                        "without harmful",
                        "without random",
                        "without others",
                        "harmful − random",
                        "harmful − others",
                        "images");
        for (long seed : seeds) {
            Changes changes =
                    new RemovalEvidence(
                                    DigitTraining.of(plan(seed)),
                                    HeldOutDigits.of(PROBES, seed),
                                    REMOVED,
                                    DRAWS)
                            .changes();
            print(table, seed, changes);
        }
    }

    static DigitTraining.Plan plan(long seed) {
        return new DigitTraining.Plan(400, 64, 15, 20, 0.1, seed);
    }

    private static void print(MarkdownTable table, long seed, Changes changes) {
        long better =
                IntStream.range(0, changes.harmful().length)
                        .filter(i -> changes.harmful()[i] > changes.random()[i])
                        .count();
        table.row(
                Long.toString(seed),
                MarkdownTable.number(changes.accuracy()),
                MarkdownTable.interval(MeanInterval.bootstrap(changes.harmful())),
                MarkdownTable.interval(MeanInterval.bootstrap(changes.random())),
                MarkdownTable.interval(MeanInterval.bootstrap(changes.others())),
                MarkdownTable.interval(changes.overRandom()),
                MarkdownTable.interval(changes.overOthers()),
                better + " of " + changes.harmful().length);
    }

    /** Traces the training, then trains without each set. */
    Changes changes() {
        InfluenceTally.Traced traced = InfluenceTally.of(training, probes);
        double[] before = probes.logProbs(traced.network());
        double[] random = mean(RANDOM, i -> true);
        return new Changes(
                minus(withoutHarmers(traced.influence()), before),
                minus(random, before),
                minus(withoutOthers(), before),
                probes.accuracy(traced.network()));
    }

    private static double[] minus(double[] values, double[] before) {
        double[] differences = new double[values.length];
        Arrays.setAll(differences, i -> values[i] - before[i]);
        return differences;
    }

    private double[] withoutHarmers(double[][] influence) {
        double[] after = new double[probes.size()];
        Arrays.setAll(after, probe -> without(harmers(influence, probe))[probe]);
        return after;
    }

    private double[] withoutOthers() {
        int[] labels = training.labels();
        Map<Integer, double[]> ofDigit = new HashMap<>();
        double[] after = new double[probes.size()];
        for (int probe = 0; probe < after.length; probe++) {
            int digit = probes.labels()[probe];
            after[probe] =
                    ofDigit.computeIfAbsent(digit, d -> mean(RANDOM + 1 + d, i -> labels[i] != d))[
                            probe];
        }
        return after;
    }

    private int[] harmers(double[][] influence, int probe) {
        return IntStream.range(0, influence.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> influence[i][probe]))
                .limit(removed)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Mean log-probabilities without random examples that are eligible // [probes]. */
    private double[] mean(long family, IntPredicate eligible) {
        double[] mean = new double[probes.size()];
        for (int draw = 0; draw < draws; draw++) {
            List<Integer> pool = new ArrayList<>();
            IntStream.range(0, training.plan().examples()).filter(eligible).forEach(pool::add);
            int[] drawn =
                    Shuffle.copy(pool, Shuffle.random(family, draw)).stream()
                            .limit(removed)
                            .mapToInt(Integer::intValue)
                            .toArray();
            double[] logs = without(drawn);
            for (int probe = 0; probe < mean.length; probe++) {
                mean[probe] += logs[probe] / draws;
            }
        }
        return mean;
    }

    private double[] without(int[] examples) {
        BitSet kept = training.all();
        Arrays.stream(examples).forEach(kept::clear);
        return probes.logProbs(training.train(kept));
    }
}
