package org.learningdynamics.measure;

/**
 * The softmax distribution π of one position, in a form that keeps full relative precision where π
 * is peaky: everything but the likeliest class is summed relative to the second likeliest, so
 * neither 1 − max π nor the tails cancel or underflow before they must.
 *
 * <p>With m the largest logit (lowest index on ties), n the next one, d = exp(n − m) and the sums
 * over all other classes v of e_v = exp(z_v − n): R = Σ e_v, Q = Σ e_v², W = Σ e_v (n − z_v), it
 * holds that Σ exp(z − m) = 1 + dR. Reused from position to position; one thread only.
 */
final class TokenDistribution {
    private final double[] logits;
    private final TopTwo top = new TopTwo();
    private final DoubleExp exp = new DoubleExp();
    private final LaneSums sums = new LaneSums();
    private final double[] below = new double[DoubleExp.CAPACITY]; // z_v − n
    private final double[] weights = new double[DoubleExp.CAPACITY]; // e_v
    private int argmax;
    private double max;
    private double second;
    private double ratio; // d
    private double others; // R
    private double squares; // Q
    private double spread; // W
    private double tail; // d·R
    private double total; // 1 + d·R
    private double logTotal;

    TokenDistribution(int classes) {
        logits = new double[classes];
    }

    /** Takes in one position; two passes over its logits, one exponential a class. */
    void read(LogitRows rows, int row, int position) {
        rows.read(row, position, logits);
        top.find(logits);
        argmax = top.index();
        max = top.largest();
        second = top.second();
        sumOthers();
        ratio = Math.exp(second - max);
        tail = ratio * others;
        if (Math.abs(max) == Double.POSITIVE_INFINITY) {
            tail = Double.NaN;
        }
        total = 1 + tail;
        logTotal = Math.log1p(tail);
    }

    private void sumOthers() {
        double shift = second == Double.NEGATIVE_INFINITY ? 0 : second;
        sums.clear();
        for (int from = 0; from < logits.length; from += DoubleExp.CAPACITY) {
            int count = Math.min(DoubleExp.CAPACITY, logits.length - from);
            System.arraycopy(logits, from, below, 0, count);
            lower(below, shift, count);
            if (argmax >= from && argmax < from + count) {
                below[argmax - from] = DoubleExp.LEAST;
            }
            exp.apply(below, weights, count);
            sums.add(weights, below, count);
        }
        others = sums.weights();
        squares = sums.squares();
        spread = -sums.products();
    }

    private static void lower(double[] values, double shift, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = Math.max(values[i] - shift, DoubleExp.LEAST);
        }
    }

    /** Likeliest class, the lowest index on ties. */
    int argmax() {
        return argmax;
    }

    /** The logit of a class. */
    double logit(int v) {
        return logits[v];
    }

    /** log max π. */
    double argmaxLogProb() {
        return -logTotal;
    }

    /** log(1 − max π). */
    double restLogProb() {
        return (second - max) + Math.log(others) - logTotal;
    }

    /** log π(y). */
    double logProb(int label) {
        return label == argmax ? -logTotal : (logits[label] - max) - logTotal;
    }

    /** 1 − π(y). */
    double energy(int label) {
        return label == argmax ? tail / total : (total - weight(label)) / total;
    }

    /** ‖π − e_y‖₂. */
    double gap(int label) {
        if (label == argmax) {
            return ratio * Math.sqrt(squares + others * others) / total;
        }
        double weight = weight(label);
        double miss = total - weight;
        double rest = 1 + (ratio * ratio * squares - weight * weight);
        return Math.sqrt(rest + miss * miss) / total;
    }

    /** ‖π‖₂. */
    double norm() {
        return Math.sqrt(1 + ratio * ratio * squares) / total;
    }

    /** −Σ π log π. */
    double entropy() {
        if (ratio == 0) {
            return logTotal; // NaN stays NaN; else the other terms underflow as well
        }
        return logTotal + ratio * (others * (max - second) + spread) / total;
    }

    /** exp(z_y − m) of a class that is not the likeliest. */
    private double weight(int label) {
        return Math.exp(logits[label] - max);
    }
}
