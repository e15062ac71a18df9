package org.learningdynamics.it.evidence;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.samples.digits.DigitImages;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.learningdynamics.series.MeanInterval;

/**
 * Does self-influence find wrong labels? A tenth of the labels are replaced by other digits; after
 * each epoch every example's squared gradient norm and loss are taken. Printed is the area under
 * the ROC curve of telling wrong labels from right ones: by the sum of rate times squared norm over
 * epochs, by the mean loss over epochs, and by squared norm and loss at the end. Arguments: seeds
 * (1 to 5).
 */
public final class MislabelEvidence {
    private final DigitTraining training;
    private final BitSet wrong;

    private MislabelEvidence(DigitTraining training, BitSet wrong) {
        this.training = training;
        this.wrong = wrong;
    }

    /**
     * Areas under the curve.
     *
     * @param selfInfluence by the sum of rate times squared gradient norm over epochs
     * @param lastNorm by the squared gradient norm at the end
     * @param meanLoss by the mean loss over epochs
     * @param lastLoss by the loss at the end
     */
    record Areas(double selfInfluence, double lastNorm, double meanLoss, double lastLoss) {
        double[] columns() {
            return new double[] {
                selfInfluence, meanLoss, lastLoss, lastNorm, selfInfluence - meanLoss
            };
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
        out.println(plan(1) + "; 10 % of the labels wrong; areas under the ROC curve");
        MarkdownTable table =
                new MarkdownTable(
                        out,
                        "seed",
                        "self-influence, sum",
                        "loss, mean",
                        "loss, end",
                        "squared norm, end",
                        "self-influence − mean loss");
        double[][] columns = new double[5][seeds.length];
        for (int i = 0; i < seeds.length; i++) {
            double[] row = of(plan(seeds[i]), 0.1).areas().columns();
            String[] cells = new String[row.length + 1];
            cells[0] = Long.toString(seeds[i]);
            for (int column = 0; column < row.length; column++) {
                columns[column][i] = row[column];
                cells[column + 1] = MarkdownTable.number(row[column]);
            }
            table.row(cells);
        }
        Stream<String> means =
                Arrays.stream(columns).map(MeanInterval::studentT).map(MarkdownTable::interval);
        table.row(Stream.concat(Stream.of("mean"), means).toArray(String[]::new));
    }

    static DigitTraining.Plan plan(long seed) {
        return new DigitTraining.Plan(1000, 64, 15, 20, 0.1, seed);
    }

    /** Replaces a share of the labels by one of the other digits each. */
    static MislabelEvidence of(DigitTraining.Plan plan, double share) {
        DigitImages images =
                RenderedDigits.render(RenderedDigits.Split.TRAIN, plan.examples(), plan.seed());
        int[] labels = images.labels();
        Random random = Shuffle.random(plan.seed(), -1);
        BitSet wrong = new BitSet();
        Shuffle.copy(IntStream.range(0, labels.length).boxed().toList(), random).stream()
                .limit(Math.round(share * labels.length))
                .forEach(
                        i -> {
                            wrong.set(i);
                            int turn = 1 + random.nextInt(DigitImages.CLASSES - 1);
                            labels[i] = (labels[i] + turn) % DigitImages.CLASSES;
                        });
        return new MislabelEvidence(new DigitTraining(plan, images, labels), wrong);
    }

    Areas areas() {
        int examples = training.plan().examples();
        double[] influence = new double[examples];
        double[] loss = new double[examples];
        MultiLayerNetwork network = training.start();
        CheckpointGradients gradients = new CheckpointGradients(training, network);
        training.train(
                network,
                training.all(),
                batch -> {},
                () -> {
                    double[] squares = gradients.squaredNorms();
                    double[] losses = gradients.losses();
                    for (int i = 0; i < examples; i++) {
                        influence[i] += training.plan().rate() * squares[i];
                        loss[i] += losses[i] / training.plan().epochs();
                    }
                });
        return new Areas(
                area(influence),
                area(gradients.squaredNorms()),
                area(loss),
                area(gradients.losses()));
    }

    /** Share of pairs of a wrong and a right label in which the wrong one scores higher. */
    private double area(double[] score) {
        double higher = 0;
        long pairs = 0;
        for (int i = wrong.nextSetBit(0); i >= 0; i = wrong.nextSetBit(i + 1)) {
            for (int j = wrong.nextClearBit(0); j < score.length; j = wrong.nextClearBit(j + 1)) {
                higher += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
                pairs++;
            }
        }
        return higher / pairs;
    }
}
