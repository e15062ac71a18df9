package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The guarantees of the squeezing effect over random draws, and the formulas behind them. */
class LinearSoftmaxTest {
    private static final int DRAWS = 1000;
    private static final int CLASSES = 50;
    private static final int INPUTS = 4;

    /** Random weights, input, pushed class and rate; from nearly flat to very peaky. */
    private record Draw(double[][] weights, double[] x, int pushed, double rate) {
        static Draw of(int seed) {
            Random random = new Random(seed);
            double deviation = .05 + 1.5 * random.nextDouble();
            double[][] weights = new double[INPUTS][];
            Arrays.setAll(weights, k -> normal(CLASSES, deviation, random));
            double[] x = normal(INPUTS, 1, random);
            return new Draw(weights, x, random.nextInt(CLASSES), .02 + random.nextDouble());
        }

        LinearSoftmax model() {
            return new LinearSoftmax(weights);
        }

        double[] before() {
            return model().logProbs(x);
        }

        double[] after() {
            return model().step(x, rates(CLASSES, pushed, -rate)).logProbs(x);
        }

        Squeeze squeeze() {
            return Squeeze.of(before(), after(), pushed);
        }
    }

    private static double[] normal(int length, double deviation, Random random) {
        return IntStream.range(0, length)
                .mapToDouble(k -> deviation * random.nextGaussian())
                .toArray();
    }

    private static double[] rates(int classes, int only, double rate) {
        double[] rates = new double[classes];
        rates[only] = rate;
        return rates;
    }

    /** Others' shares of what class 0 leaves, and class 0's probability. */
    private static Squeeze push(double[] others, double first, double rate) {
        double[] logits = new double[others.length + 1];
        double sum = Arrays.stream(others).sum();
        Arrays.setAll(logits, v -> Math.log(v == 0 ? first : (1 - first) * others[v - 1] / sum));
        var model = new LinearSoftmax(new double[][] {logits});
        double[] before = model.logProbs(1);
        double[] after = model.step(new double[] {1}, rates(logits.length, 0, -rate)).logProbs(1);
        return Squeeze.of(before, after, 0);
    }

    private static double[] sharpened(double[] others, double power) {
        return Arrays.stream(others).map(p -> Math.pow(p, power)).toArray();
    }

    @Test
    void isTheSoftmaxOfTheProduct() {
        Draw draw = Draw.of(1);
        double[] exps = new double[CLASSES];
        for (int v = 0; v < CLASSES; v++) {
            double z = 0;
            for (int k = 0; k < INPUTS; k++) {
                z += draw.x()[k] * draw.weights()[k][v];
            }
            exps[v] = Math.exp(z);
        }
        double sum = Arrays.stream(exps).sum();
        double[] naive = Arrays.stream(exps).map(e -> Math.log(e / sum)).toArray();
        assertArrayEquals(naive, draw.before(), 1e-12);
    }

    @Test
    void aStepFollowsTheGradientOfTheLogProbability() {
        Draw draw = Draw.of(2);
        double[][] moved = new double[INPUTS][CLASSES];
        for (int k = 0; k < INPUTS; k++) {
            for (int v = 0; v < CLASSES; v++) {
                moved[k][v] = draw.weights()[k][v] + .7 * slope(draw, k, v);
            }
        }
        double[] expected = new LinearSoftmax(moved).logProbs(draw.x());
        double[] rates = rates(CLASSES, draw.pushed(), .7);
        assertArrayEquals(expected, draw.model().step(draw.x(), rates).logProbs(draw.x()), 1e-7);
    }

    /** Central difference of log π(y) in one weight. */
    private static double slope(Draw draw, int k, int v) {
        double[] logProbs = new double[2];
        for (int side = 0; side < 2; side++) {
            double[][] nudged =
                    Arrays.stream(draw.weights()).map(double[]::clone).toArray(double[][]::new);
            nudged[k][v] += side == 0 ? -1e-5 : 1e-5;
            logProbs[side] = new LinearSoftmax(nudged).logProbs(draw.x())[draw.pushed()];
        }
        return (logProbs[1] - logProbs[0]) / 2e-5;
    }

    @Test
    void ratesOfSeveralClassesAddUp() {
        Draw draw = Draw.of(3);
        double[] rates = new double[CLASSES];
        rates[4] = .5;
        rates[9] = -.2;
        double square = Arrays.stream(draw.x()).map(value -> value * value).sum();
        double[] before = draw.before();
        double[] after = draw.model().step(draw.x(), rates).logProbs(draw.x());
        double[] change = new double[CLASSES];
        Arrays.setAll(
                change, v -> square * (rates[v] - .3 * Math.exp(before[v])) - after[v] + before[v]);
        for (double value : change) {
            assertEquals(change[0], value, 1e-12, "logits differ by one constant");
        }
    }

    @Test
    void thePushedClassAlwaysFalls() {
        for (int seed = 0; seed < DRAWS; seed++) {
            assertTrue(Draw.of(seed).squeeze().pushedChange() < 0, "draw " + seed);
        }
    }

    @Test
    void theLikeliestOtherClassAlwaysRises() {
        for (int seed = 0; seed < DRAWS; seed++) {
            assertTrue(Draw.of(seed).squeeze().likeliestChange() > 0, "draw " + seed);
        }
    }

    /** Among the classes not pushed, log-probabilities change in the order of probabilities. */
    @Test
    void theRichGetRicherAndThePoorPoorer() {
        int squeezed = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            Draw draw = Draw.of(seed);
            double[] before = draw.before();
            double[] after = draw.after();
            double last = Double.NEGATIVE_INFINITY;
            for (int v : ascendingOthers(before, draw.pushed())) {
                double change = after[v] - before[v];
                assertTrue(change >= last - 1e-12, "draw " + seed + ", class " + v);
                last = change;
            }
            squeezed += draw.squeeze().fallen() > 0 ? 1 : 0;
        }
        assertTrue(squeezed > DRAWS / 2, "others fall in " + squeezed + " draws");
    }

    private static int[] ascendingOthers(double[] logProbs, int pushed) {
        return IntStream.range(0, logProbs.length)
                .filter(v -> v != pushed)
                .boxed()
                .sorted((a, b) -> Double.compare(logProbs[a], logProbs[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The same probability pushed down by the same rate; the others' shares squared. */
    @Test
    void aPeakierDistributionIsSqueezedHarder() {
        for (int seed = 0; seed < DRAWS; seed++) {
            Random random = new Random(seed);
            double[] others = random.doubles(CLASSES, .05, 1).toArray();
            double first = .001 + .3 * random.nextDouble();
            double rate = .1 + random.nextDouble();
            double flat = push(others, first, rate).othersLogChange();
            double peaky = push(sharpened(others, 2), first, rate).othersLogChange();
            double peakier = push(sharpened(others, 8), first, rate).othersLogChange();
            assertTrue(peaky < flat && peakier < peaky, "draw " + seed);
        }
    }

    /** The same shares of the others, with less and less left to push down. */
    @Test
    void pushingAnUnlikelyClassSqueezesHarder() {
        for (int seed = 0; seed < DRAWS; seed++) {
            Random random = new Random(seed);
            double[] others = sharpened(random.doubles(CLASSES, .05, 1).toArray(), 4);
            double rate = .1 + random.nextDouble();
            Squeeze likely = push(others, .3, rate);
            Squeeze unlikely = push(others, .03, rate);
            Squeeze hopeless = push(others, .0003, rate);
            assertTrue(unlikely.othersLogChange() < likely.othersLogChange(), "draw " + seed);
            assertTrue(hopeless.othersLogChange() < unlikely.othersLogChange(), "draw " + seed);
            assertTrue(unlikely.share() > likely.share(), "draw " + seed);
            assertTrue(hopeless.share() > unlikely.share(), "draw " + seed);
            assertTrue(hopeless.fallen() >= likely.fallen(), "draw " + seed);
        }
    }

    @Test
    void squeezeIsTheNaiveComparison() {
        double[] before = {.1, .5, .25, .15};
        double[] after = {.06, .6, .26, .08};
        Squeeze squeeze = Squeeze.of(log(before), log(after), 0);
        assertEquals(1, squeeze.likeliest());
        assertEquals(-.04, squeeze.pushedChange(), 1e-15);
        assertEquals(.1, squeeze.likeliestChange(), 1e-15);
        assertEquals(2.5, squeeze.share(), 1e-12);
        assertEquals(1, squeeze.fallen());
        double others = (Math.log(.26 / .25) + Math.log(.08 / .15)) / 2;
        assertEquals(others, squeeze.othersLogChange(), 1e-15);
        assertEquals(2, Squeeze.of(log(before), log(after), 1).likeliest());
        assertTrue(Double.isNaN(Squeeze.of(log(before), log(before), 2).share()));
    }

    private static double[] log(double... values) {
        return Arrays.stream(values).map(Math::log).toArray();
    }

    @Test
    void staysFiniteWhereProbabilitiesUnderflow() {
        var model = new LinearSoftmax(new double[][] {{0, -2000, 3}});
        Squeeze squeeze =
                Squeeze.of(
                        model.logProbs(1),
                        model.step(new double[] {1}, rates(3, 0, -1)).logProbs(1),
                        0);
        assertTrue(squeeze.othersLogChange() < 0 && squeeze.othersLogChange() > -2);
    }

    @Test
    void drawsTheSameWeightsFromTheSameSeed() {
        var one = LinearSoftmax.gaussian(3, 5, 1, .5, new Random(4));
        var two = LinearSoftmax.gaussian(3, 5, 1, .5, new Random(4));
        assertArrayEquals(one.logProbs(1, 2, 3), two.logProbs(1, 2, 3));
        assertEquals(5, one.classes());
    }

    @Test
    void refusesWrongShapes() {
        var model = new LinearSoftmax(new double[2][3]);
        assertMessage("x must have length 2, got 1", () -> model.logProbs(1));
        assertMessage(
                "rates must have length 3, got 2", () -> model.step(new double[2], new double[2]));
        assertMessage(
                "weights must have at least 1 row and 2 columns, got 0 rows",
                () -> new LinearSoftmax(new double[0][]));
        assertMessage(
                "weights row 1 must have length 3, got 2",
                () -> new LinearSoftmax(new double[][] {{1, 2, 3}, {1, 2}}));
        assertMessage(
                "before and after must have the same length of at least 3, got 2 and 2",
                () -> Squeeze.of(new double[2], new double[2], 0));
    }

    private static void assertMessage(String message, Runnable action) {
        var error = assertThrows(IllegalArgumentException.class, action::run);
        assertEquals(message, error.getMessage());
    }
}
