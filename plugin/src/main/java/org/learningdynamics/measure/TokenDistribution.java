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
    /** exp of anything below is 0 in float64. */
    private static final double UNDERFLOW = -746;

    private final double[] logits;
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

    /** Takes in one position; two passes over its logits, one exp per class. */
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
        double sum = 0;
        double sumSquares = 0;
        double sumSpread = 0;
        for (int v = 0; v < logits.length; v++) {
            double x = logits[v] - shift;
            if (x < UNDERFLOW || v == argmax) {
                continue;
            }
            double e = Math.exp(x);
            sum += e;
            sumSquares += e * e;
            sumSpread -= e * x;
        }
        others = sum;
        squares = sumSquares;
        spread = sumSpread;
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
