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
    private final DoubleExp exp = new DoubleExp();
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
        findTopTwo();
        sumOthers();
        ratio = Math.exp(second - max);
        tail = ratio * others;
        if (Math.abs(max) == Double.POSITIVE_INFINITY) {
            tail = Double.NaN;
        }
        total = 1 + tail;
        logTotal = Math.log1p(tail);
    }

    private void findTopTwo() {
        double first = Double.NEGATIVE_INFINITY;
        double next = Double.NEGATIVE_INFINITY;
        int index = 0;
        for (int v = 0; v < logits.length; v++) {
            double z = logits[v];
            if (z > next) {
                if (z > first) {
                    next = first;
                    first = z;
                    index = v;
                } else {
                    next = z;
                }
            }
        }
        argmax = index;
        max = first;
        second = next;
    }

    private void sumOthers() {
        double shift = second == Double.NEGATIVE_INFINITY ? 0 : second;
        others = 0;
        squares = 0;
        spread = 0;
        for (int from = 0; from < logits.length; from += DoubleExp.CAPACITY) {
            int count = Math.min(DoubleExp.CAPACITY, logits.length - from);
            for (int i = 0; i < count; i++) {
                below[i] = Math.max(logits[from + i] - shift, DoubleExp.LEAST);
            }
            if (argmax >= from && argmax < from + count) {
                below[argmax - from] = DoubleExp.LEAST;
            }
            exp.apply(below, weights, count);
            addBlock(count);
        }
    }

    /** Two sums of each kind side by side, as one alone would wait for each addition. */
    private void addBlock(int count) {
        double sum = 0;
        double sumSquares = 0;
        double sumSpread = 0;
        double otherSum = 0;
        double otherSquares = 0;
        double otherSpread = 0;
        int i = 0;
        for (; i < count - 1; i += 2) {
            double e = weights[i];
            sum += e;
            sumSquares += e * e;
            sumSpread += e * below[i];
            double f = weights[i + 1];
            otherSum += f;
            otherSquares += f * f;
            otherSpread += f * below[i + 1];
        }
        if (i < count) {
            double e = weights[i];
            sum += e;
            sumSquares += e * e;
            sumSpread += e * below[i];
        }
        others += sum + otherSum;
        squares += sumSquares + otherSquares;
        spread -= sumSpread + otherSpread;
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
