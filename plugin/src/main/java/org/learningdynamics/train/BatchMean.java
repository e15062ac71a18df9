package org.learningdynamics.train;

import java.util.List;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.loss.AotLoss;
import org.learningdynamics.loss.CpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.OrpoLoss;
import org.learningdynamics.loss.SftLoss;
import org.learningdynamics.loss.WeightedLoss;

/** What a loss takes the mean over, and so what a micro-batch counts in an update. */
enum BatchMean {
    /** Examples: a micro-batch counts as its share of them. */
    EXAMPLES {
        @Override
        double size(List<TrainingItem> items) {
            return items.size();
        }
    },
    /** Response tokens: a micro-batch counts as its share of them. */
    TOKENS {
        @Override
        double size(List<TrainingItem> items) {
            return items.stream()
                    .map(item -> item.responses().get(0))
                    .mapToLong(EncodedResponse::responseLength)
                    .sum();
        }
    };

    /** The part of the loss's mean that some items have, up to a common factor. */
    abstract double size(List<TrainingItem> items);

    /**
     * The rule of a loss.
     *
     * @throws IllegalArgumentException if no weights make micro-batches add up to the whole batch
     */
    static BatchMean of(Loss loss) {
        if (loss instanceof AotLoss) {
            throw coupled(loss, "sorts the pairs of a batch");
        }
        if (loss.needs().contains(LossNeed.KL)) {
            throw coupled(loss, "compares with a divergence over the batch");
        }
        if (loss instanceof CpoLoss || loss instanceof OrpoLoss) {
            throw coupled(loss, "adds a mean over tokens to one over pairs");
        }
        return loss instanceof WeightedLoss sum
                ? of(sum)
                : loss instanceof SftLoss ? TOKENS : EXAMPLES;
    }

    private static BatchMean of(WeightedLoss sum) {
        List<BatchMean> kinds =
                sum.terms().stream().map(term -> of(term.loss())).distinct().toList();
        if (kinds.size() > 1 || (sum.onPairs() && kinds.contains(TOKENS))) {
            throw coupled(sum, "adds a mean over tokens to one over examples");
        }
        return kinds.get(0);
    }

    private static IllegalArgumentException coupled(Loss loss, String why) {
        return new IllegalArgumentException(
                "microBatches must be 1 with loss " + loss.name() + ", which " + why);
    }
}
