package org.learningdynamics.samples.squeezing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.measure.LinearSoftmax;
import org.learningdynamics.measure.Squeeze;

/**
 * One step of a linear softmax model, seen on the input that it was made on.
 *
 * @param letter A to E
 * @param title what is done
 * @param before log π before the step // [V]
 * @param after log π after it // [V]
 * @param rates signed rate of each class: above 0 pulled up, below 0 pushed down // [V]
 */
public record ToyCase(char letter, String title, double[] before, double[] after, double[] rates) {
    private static final int CLASSES = 50;
    private static final int INPUTS = 4;
    private static final int MANY_CLASSES = 1000;
    private static final int MANY_INPUTS = 50;

    /**
     * Copies the arrays.
     *
     * @param letter A to E
     * @param title what is done
     * @param before log π before the step
     * @param after log π after it
     * @param rates signed rate of each class
     */
    public ToyCase {
        before = before.clone();
        after = after.clone();
        rates = rates.clone();
    }

    /**
     * Draws the five cases: A learns class 21; B pushes class 42 down in a nearly flat
     * distribution; C pushes down a peak, class 11, and D a valley, class 42, while it learns class
     * 25, in a distribution with peaks at classes 5 to 12 (D's two pulls are equal, so they leave
     * the proportions of all other classes as they are); E pushes class 100 of 1,000 down.
     *
     * @param seed decides weights and inputs
     * @return A to E
     */
    public static List<ToyCase> draw(long seed) {
        Random random = Shuffle.random(seed, 0);
        double[] x = normal(INPUTS, random);
        double[] manyX = normal(MANY_INPUTS, random);
        LinearSoftmax plain = LinearSoftmax.gaussian(INPUTS, CLASSES, 0, 1, random);
        LinearSoftmax flat = LinearSoftmax.gaussian(INPUTS, CLASSES, 1, .05, random);
        LinearSoftmax peaky =
                LinearSoftmax.gaussian(INPUTS, CLASSES, 0, 1, random).step(x, peaks());
        LinearSoftmax large = LinearSoftmax.gaussian(MANY_INPUTS, MANY_CLASSES, 0, .5, random);
        return List.of(
                of('A', "learn class 21", plain, x, new Pull(21, .5)),
                of('B', "push class 42 down, nearly flat", flat, x, new Pull(42, -.3)),
                of('C', "push down a peak, class 11", peaky, x, new Pull(11, -.5)),
                of(
                        'D',
                        "push down a valley, class 42, and learn class 25 as strongly",
                        peaky,
                        x,
                        new Pull(42, -.5),
                        new Pull(25, .5)),
                of('E', "push down class 100 of 1,000", large, manyX, new Pull(100, -1)));
    }

    private record Pull(int label, double rate) {}

    private static double[] normal(int length, Random random) {
        double[] values = new double[length];
        Arrays.setAll(values, k -> random.nextGaussian());
        return values;
    }

    private static double[] peaks() {
        double[] rates = new double[CLASSES];
        Arrays.fill(rates, 5, 13, 1);
        return rates;
    }

    private static ToyCase of(
            char letter, String title, LinearSoftmax model, double[] x, Pull... pulls) {
        double[] rates = new double[model.classes()];
        for (Pull pull : pulls) {
            rates[pull.label()] = pull.rate();
        }
        return new ToyCase(
                letter, title, model.logProbs(x), model.step(x, rates).logProbs(x), rates);
    }

    /**
     * The class that is pushed down.
     *
     * @return its index, −1 if none is
     */
    public int pushed() {
        for (int v = 0; v < rates.length; v++) {
            if (rates[v] < 0) {
                return v;
            }
        }
        return -1;
    }

    /**
     * What the step did, in one line.
     *
     * @return change of every named class, and of the distribution if one was pushed down
     */
    public String summary() {
        StringBuilder text = new StringBuilder();
        for (int v = 0; v < rates.length; v++) {
            if (rates[v] != 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "π(%d) %s from %.2e to %.2e; ",
                                v,
                                rates[v] > 0 ? "pulled up" : "pushed down",
                                Math.exp(before[v]),
                                Math.exp(after[v])));
            }
        }
        int pushed = pushed();
        if (pushed < 0) {
            return text.append("no class is pushed down").toString();
        }
        Squeeze squeeze = Squeeze.of(before, after, pushed);
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "likeliest other class %d by %+.4f; %d of %d others fall, all others by %+.3f nats on average",
                                squeeze.likeliest(),
                                squeeze.likeliestChange(),
                                squeeze.fallen(),
                                rates.length - 1,
                                squeeze.othersLogChange()))
                .toString();
    }
}
