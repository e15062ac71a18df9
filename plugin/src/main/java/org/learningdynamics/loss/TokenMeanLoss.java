package org.learningdynamics.loss;

import java.util.List;
import org.learningdynamics.measure.ResponseScores;

/**
 * A loss on pairs with a likelihood term that is the mean over all chosen tokens of the batch. A
 * pair's share is −s⁺ divided by the mean length of the chosen responses.
 */
interface TokenMeanLoss extends PairwiseLoss {
    /** The loss of a pair of a batch whose chosen responses have a mean length. */
    double value(PairScores pair, double meanTokens);

    /** Its derivatives. */
    PairCoefficients coefficients(PairScores pair, double meanTokens);

    @Override
    default double value(PairScores pair) {
        return value(pair, pair.chosenTokens());
    }

    @Override
    default PairCoefficients coefficients(PairScores pair) {
        return coefficients(pair, pair.chosenTokens());
    }

    @Override
    default double[] values(ResponseScores batch) {
        List<PairScores> pairs = PairScores.of(batch);
        double mean = meanTokens(pairs);
        return pairs.stream().mapToDouble(pair -> value(pair, mean)).toArray();
    }

    @Override
    default double[] coefficients(ResponseScores batch) {
        List<PairScores> pairs = PairScores.of(batch);
        double mean = meanTokens(pairs);
        return PairCoefficients.ofBatch(pairs, pair -> coefficients(pair, mean));
    }

    private static double meanTokens(List<PairScores> pairs) {
        return pairs.stream().mapToInt(PairScores::chosenTokens).average().orElseThrow();
    }
}
