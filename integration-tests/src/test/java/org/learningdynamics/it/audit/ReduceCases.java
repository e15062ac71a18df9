package org.learningdynamics.it.audit;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Reductions and distances. */
final class ReduceCases extends CaseTable {
    /** A reduction over dimensions. */
    private interface Reduction {
        SDVariable apply(SameDiff graph, SDVariable x, boolean keep, int... dims);
    }

    @Override
    void fill() {
        reductions();
        moments();
        distances();
    }

    private void reduction(String call, double low, double high, Reduction op) {
        long[] shape = {2, 3, 4};
        int[][] dims = {{}, {0}, {1}, {-1}, {1, 2}, {0, 1, 2}};
        for (int[] d : dims) {
            for (boolean keep : new boolean[] {false, true}) {
                add(
                        one(
                                        call,
                                        "[2, 3, 4] over "
                                                + java.util.Arrays.toString(d)
                                                + (keep ? ", kept" : ""),
                                        (sd, v) -> op.apply(sd, v[0], keep, d),
                                        between(low, high, shape))
                                .under(condition(call, keep, d)));
            }
        }
        add(
                one(
                                call,
                                "[1, 4] over [0]",
                                (sd, v) -> op.apply(sd, v[0], false, 0),
                                between(low, high, 1, 4))
                        .under(GradientCase.ALWAYS));
        add(
                one(
                                call,
                                "[3, 1] over [1]",
                                (sd, v) -> op.apply(sd, v[0], false, 1),
                                between(low, high, 3, 1))
                        .under(GradientCase.ALWAYS));
        add(call, "[5] over [0]", (sd, v) -> op.apply(sd, v[0], false, 0), between(low, high, 5));
        add(call, "[5] over []", (sd, v) -> op.apply(sd, v[0], false), between(low, high, 5));
        add(call, "scalar", (sd, v) -> op.apply(sd, v[0], false), between(low, high));
        add(call, "[1] over [0]", (sd, v) -> op.apply(sd, v[0], false, 0), between(low, high, 1));
    }

    private static String condition(String call, boolean keep, int... dims) {
        if (keep && dims.length > 0 && dims[0] < 0) {
            return "NEGATIVE_DIMENSION_KEPT";
        }
        boolean dropped = !keep && dims.length > 0 && dims.length < 3;
        return dropped && call.contains("logEntropy") ? "DIMENSIONS_DROPPED" : "ALWAYS";
    }

    private void spread() {
        for (int[] d : new int[][] {{}, {0}, {1}, {1, 2}}) {
            for (boolean keep : new boolean[] {false, true}) {
                for (boolean corrected : new boolean[] {true, false}) {
                    String words =
                            "[2, 3, 4] over "
                                    + java.util.Arrays.toString(d)
                                    + (keep ? ", kept" : "")
                                    + (corrected ? ", corrected" : "");
                    add(
                            "sd.standardDeviation(x, corrected, dims)",
                            words,
                            (sd, v) -> sd.standardDeviation(v[0], corrected, keep, d),
                            real(2, 3, 4));
                    add(
                            one(
                                            "sd.variance(x, corrected, dims)",
                                            words,
                                            (sd, v) -> sd.variance(v[0], corrected, keep, d),
                                            real(2, 3, 4))
                                    .under(corrected ? "ALWAYS" : "NOT_BIAS_CORRECTED"));
                }
            }
        }
    }

    private void reductions() {
        reduction("sd.sum(x, dims)", -2, 2, (sd, x, k, d) -> sd.sum(x, k, d));
        reduction("sd.mean(x, dims)", -2, 2, (sd, x, k, d) -> sd.mean(x, k, d));
        reduction("sd.max(x, dims)", -2, 2, (sd, x, k, d) -> sd.max(x, k, d));
        reduction("sd.min(x, dims)", -2, 2, (sd, x, k, d) -> sd.min(x, k, d));
        reduction("sd.prod(x, dims)", 0.3, 2, (sd, x, k, d) -> sd.prod(x, k, d));
        reduction("sd.norm1(x, dims)", -2, 2, (sd, x, k, d) -> sd.norm1(x, k, d));
        reduction("sd.norm2(x, dims)", -2, 2, (sd, x, k, d) -> sd.norm2(x, k, d));
        reduction("sd.normmax(x, dims)", -2, 2, (sd, x, k, d) -> sd.normmax(x, k, d));
        reduction("sd.squaredNorm(x, dims)", -2, 2, (sd, x, k, d) -> sd.squaredNorm(x, k, d));
        spread();
        reduction("sd.math().asum(x, dims)", -2, 2, (sd, x, k, d) -> sd.math().asum(x, k, d));
        reduction(
                "sd.math().reduceAMax(x, dims)",
                -2,
                2,
                (sd, x, k, d) -> sd.math().reduceAMax(x, k, d));
        reduction(
                "sd.math().reduceAmin(x, dims)",
                -2,
                2,
                (sd, x, k, d) -> sd.math().reduceAmin(x, k, d));
        reduction(
                "sd.math().reduceAmean(x, dims)",
                -2,
                2,
                (sd, x, k, d) -> sd.math().reduceAmean(x, k, d));
        reduction(
                "sd.math().entropy(x, dims)",
                0.1,
                0.9,
                (sd, x, k, d) -> sd.math().entropy(x, k, d));
        reduction(
                "sd.math().logEntropy(x, dims)",
                0.1,
                0.9,
                (sd, x, k, d) -> sd.math().logEntropy(x, k, d));
        reduction(
                "sd.math().shannonEntropy(x, dims)",
                0.1,
                0.9,
                (sd, x, k, d) -> sd.math().shannonEntropy(x, k, d));
        for (int[] d : new int[][] {{}, {0}, {1}, {0, 1}}) {
            add(
                    one(
                                    "sd.math().logSumExp(x, dims)",
                                    "[3, 4] over " + java.util.Arrays.toString(d),
                                    (sd, v) -> sd.math().logSumExp(v[0], d),
                                    real(3, 4))
                            .under(d.length == 1 ? "DIMENSIONS_DROPPED" : "ALWAYS"));
        }
        add(
                "sd.sum(x, dims as a variable)",
                "[3, 4] over [1]",
                (sd, v) -> sd.math().sum(v[0], v[1], false),
                real(3, 4),
                ints(1));
        add(
                "sd.mean(x, dims as a variable)",
                "[3, 4] over [1]",
                (sd, v) -> sd.math().mean(v[0], v[1], false),
                real(3, 4),
                ints(1));
    }

    private void moments() {
        for (int[] d : new int[][] {{0}, {1}, {0, 1}}) {
            for (boolean keep : new boolean[] {false, true}) {
                String words =
                        "[3, 4] over " + java.util.Arrays.toString(d) + (keep ? ", kept" : "");
                add(
                        many(
                                "sd.math().moments(x, dims)",
                                words,
                                (sd, v) -> sd.math().moments(v[0], d, keep),
                                real(3, 4)));
                add(
                        many(
                                "sd.math().moments(x, dims)[0]",
                                words,
                                (sd, v) -> new SDVariable[] {sd.math().moments(v[0], d, keep)[0]},
                                real(3, 4)));
            }
        }
    }

    /** A distance over dimensions. */
    private interface Distance {
        SDVariable apply(SameDiff graph, SDVariable x, SDVariable y, boolean keep, int... dims);
    }

    private void distance(String name, Distance op) {
        for (int[] d : new int[][] {{}, {0}, {1}, {0, 1}}) {
            add(
                    "sd.math()." + name + "(x, y, dims)",
                    "[3, 4] over " + java.util.Arrays.toString(d),
                    (sd, v) -> op.apply(sd, v[0], v[1], false, d),
                    between(0.1, 2, 3, 4),
                    between(0.1, 2, 3, 4));
        }
        add(
                "sd.math()." + name + "(x, y, dims)",
                "[3, 4] over [1], kept",
                (sd, v) -> op.apply(sd, v[0], v[1], true, 1),
                between(0.1, 2, 3, 4),
                between(0.1, 2, 3, 4));
    }

    private void distances() {
        distance("cosineDistance", (sd, x, y, k, d) -> sd.math().cosineDistance(x, y, k, false, d));
        distance(
                "cosineSimilarity",
                (sd, x, y, k, d) -> sd.math().cosineSimilarity(x, y, k, false, d));
        distance(
                "euclideanDistance",
                (sd, x, y, k, d) -> sd.math().euclideanDistance(x, y, k, false, d));
        distance(
                "manhattanDistance",
                (sd, x, y, k, d) -> sd.math().manhattanDistance(x, y, k, false, d));
        distance(
                "jaccardDistance",
                (sd, x, y, k, d) -> sd.math().jaccardDistance(x, y, k, false, d));
        distance(
                "hammingDistance",
                (sd, x, y, k, d) -> sd.math().hammingDistance(x, y, k, false, d));
        distance("dot (sd.dot)", (sd, x, y, k, d) -> sd.dot(x, y, d));
    }
}
