package org.learningdynamics.it.evidence;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Trust;

/**
 * Linear datamodelling score: how well do sums of attributions foretell trainings on subsets? The
 * network is trained anew on random halves of the examples; for each held-out image the score is
 * Spearman's correlation, over halves, of its log-probability after training with the sum of its
 * attributions over the half. Compared are influences summed over every update of one training on
 * everything with gradient dots at that training's end. Arguments: seeds (1 to 5).
 *
 * <p>Source: S. M. Park, K. Georgiev, A. Ilyas, G. Leclerc, A. Madry, TRAK: Attributing Model
 * Behavior at Scale, ICML 2023, section 2.
 */
public final class DatamodelEvidence {
    private static final long HALVES = 1000; // first number of the draws, beyond any epoch's

    private final DigitTraining training;
    private final HeldOutDigits probes;
    private final int subsets;

    /**
     * Plans one seed.
     *
     * @param training what is trained
     * @param probes held-out images
     * @param subsets halves to train on
     */
    DatamodelEvidence(DigitTraining training, HeldOutDigits probes, int subsets) {
        this.training = training;
        this.probes = probes;
        this.subsets = subsets;
    }

    /**
     * Scores, one a held-out image.
     *
     * @param influence of influences summed over every update // [probes]
     * @param lastDots of gradient dots at the end // [probes]
     */
    record Scores(double[] influence, double[] lastDots) {
        Interval difference() {
            double[] differences = new double[influence.length];
            Arrays.setAll(differences, i -> influence[i] - lastDots[i]);
            return MeanInterval.bootstrap(differences);
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
        out.println(RemovalEvidence.plan(1) + "; 50 halves, 40 held-out images");
        MarkdownTable table =
                new MarkdownTable(
                        out, "seed", "influence over all updates", "dots at the end", "difference");
        for (long seed : seeds) {
            DigitTraining training = DigitTraining.of(RemovalEvidence.plan(seed));
            Scores scores =
                    new DatamodelEvidence(training, HeldOutDigits.of(40, seed), 50).scores();
            table.row(
                    Long.toString(seed),
                    MarkdownTable.interval(MeanInterval.bootstrap(scores.influence())),
                    MarkdownTable.interval(MeanInterval.bootstrap(scores.lastDots())),
                    MarkdownTable.interval(scores.difference()));
        }
    }

    Scores scores() {
        InfluenceTally.Traced traced = InfluenceTally.of(training, probes);
        double[][] last = new CheckpointGradients(training, traced.network()).dots(probes);
        List<BitSet> halves = IntStream.range(0, subsets).mapToObj(this::half).toList();
        List<double[]> outcomes = new ArrayList<>();
        halves.forEach(half -> outcomes.add(probes.logProbs(training.train(half))));
        return new Scores(
                scores(halves, outcomes, traced.influence()), scores(halves, outcomes, last));
    }

    /** One of the random halves. */
    private BitSet half(int subset) {
        int examples = training.plan().examples();
        BitSet half = new BitSet();
        Shuffle.copy(
                        IntStream.range(0, examples).boxed().toList(),
                        Shuffle.random(training.plan().seed(), HALVES + subset))
                .stream()
                .limit(examples / 2)
                .forEach(half::set);
        return half;
    }

    private double[] scores(List<BitSet> halves, List<double[]> outcomes, double[][] attribution) {
        double[] scores = new double[probes.size()];
        Arrays.setAll(
                scores,
                probe -> {
                    double[] foretold =
                            halves.stream().mapToDouble(h -> sum(attribution, probe, h)).toArray();
                    double[] seen = outcomes.stream().mapToDouble(o -> o[probe]).toArray();
                    return Trust.of(foretold, seen).spearman();
                });
        return scores;
    }

    private static double sum(double[][] attribution, int probe, BitSet half) {
        return half.stream().mapToDouble(i -> attribution[i][probe]).sum();
    }
}
