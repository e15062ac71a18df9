package org.learningdynamics.measure;

import java.util.ArrayList;
import java.util.List;

/** The documented formulas, written down as they read: probabilities first, then logarithms. */
final class NaiveLikelihood {
    private NaiveLikelihood() {}

    static double[] softmax(double[] logits) {
        double sum = 0;
        for (double z : logits) {
            sum += Math.exp(z);
        }
        double[] probabilities = new double[logits.length];
        for (int v = 0; v < logits.length; v++) {
            probabilities[v] = Math.exp(logits[v]) / sum;
        }
        return probabilities;
    }

    /** One row; logits [length][V]. */
    static Likelihood of(double[][] logits, int[] labels, Peakiness form) {
        double logProb = 0;
        double argmaxLogProb = 0;
        double restLogProb = 0;
        double gap = 0;
        double energy = 0;
        double entropy = 0;
        double meanNorm = 0;
        double meanSquare = 0;
        List<Double> tokens = new ArrayList<>();
        List<Integer> argmax = new ArrayList<>();
        for (int t = 0; t < labels.length; t++) {
            if (labels[t] < 0) {
                continue;
            }
            double[] p = softmax(logits[t]);
            int top = top(p);
            logProb += Math.log(p[labels[t]]);
            argmaxLogProb += Math.log(p[top]);
            restLogProb += Math.log(1 - p[top]);
            gap += distance(p, labels[t]);
            energy += 1 - p[labels[t]];
            entropy += entropy(p);
            meanNorm += Math.sqrt(squares(p));
            meanSquare += squares(p);
            tokens.add(Math.log(p[labels[t]]));
            argmax.add(top);
        }
        int n = tokens.size();
        double q = form == Peakiness.EXACT ? meanSquare / n : Math.pow(meanNorm / n, 2);
        int classes = logits[0].length;
        return new Likelihood(
                logProb,
                argmaxLogProb,
                restLogProb,
                Math.sqrt(classes * q + classes - 2),
                gap / n,
                energy / n,
                entropy / n,
                n,
                tokens.stream().mapToDouble(Double::doubleValue).toArray(),
                argmax.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int top(double[] p) {
        int top = 0;
        for (int v = 0; v < p.length; v++) {
            top = p[v] > p[top] ? v : top;
        }
        return top;
    }

    private static double distance(double[] p, int label) {
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            sum += Math.pow(p[v] - (v == label ? 1 : 0), 2);
        }
        return Math.sqrt(sum);
    }

    private static double squares(double[] p) {
        double sum = 0;
        for (double x : p) {
            sum += x * x;
        }
        return sum;
    }

    private static double entropy(double[] p) {
        double sum = 0;
        for (double x : p) {
            sum -= x * Math.log(x);
        }
        return sum;
    }
}
