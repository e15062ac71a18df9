package org.learningdynamics.measure;

import java.util.Arrays;

/** Running sums over the unmasked positions of one row. */
final class LikelihoodSums {
    private final Peakiness peakiness;
    private final double[] tokenLogProbs;
    private final int[] argmaxTokens;
    private int tokens;
    private double logProb;
    private double argmaxLogProb;
    private double restLogProb;
    private double norm;
    private double gap;
    private double energy;
    private double entropy;

    private LikelihoodSums(Peakiness peakiness, int tokens) {
        this.peakiness = peakiness;
        tokenLogProbs = new double[tokens];
        argmaxTokens = new int[tokens];
    }

    static Likelihood measureRow(LogitRows rows, int row, int[] labels, Peakiness peakiness) {
        int tokens = (int) Arrays.stream(labels).filter(label -> label >= 0).count();
        LikelihoodSums sums = new LikelihoodSums(peakiness, tokens);
        TokenDistribution distribution = new TokenDistribution(rows.classes());
        for (int position = 0; position < labels.length; position++) {
            if (labels[position] >= 0) {
                distribution.read(rows, row, position);
                sums.add(distribution, labels[position]);
            }
        }
        return sums.result(rows.classes());
    }

    private void add(TokenDistribution distribution, int label) {
        double tokenLogProb = distribution.logProb(label);
        tokenLogProbs[tokens] = tokenLogProb;
        argmaxTokens[tokens] = distribution.argmax();
        tokens++;
        logProb += tokenLogProb;
        argmaxLogProb += distribution.argmaxLogProb();
        restLogProb += distribution.restLogProb();
        double length = distribution.norm();
        norm += peakiness == Peakiness.EXACT ? length * length : length;
        gap += distribution.gap(label);
        energy += distribution.energy(label);
        entropy += distribution.entropy();
    }

    private Likelihood result(int classes) {
        return new Likelihood(
                logProb,
                argmaxLogProb,
                restLogProb,
                peakiness.ofSums(norm, tokens, classes),
                gap / tokens,
                energy / tokens,
                entropy / tokens,
                tokens,
                tokenLogProbs,
                argmaxTokens);
    }
}
