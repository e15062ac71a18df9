package org.learningdynamics.loss;

import org.learningdynamics.measure.ResponseScores;

/** Whether the scores of a batch hold what a loss needs. */
final class LossRequirements {
    private LossRequirements() {}

    static void check(Loss loss, ResponseScores batch) {
        for (LossNeed need : loss.needs()) {
            if (!has(batch, need)) {
                throw need.missing(loss);
            }
        }
    }

    /** A reference of zeros and token counts are in every batch. */
    private static boolean has(ResponseScores batch, LossNeed need) {
        return switch (need) {
            case REFERENCE, TOKEN_COUNTS -> true;
            case TOKEN_LOG_PROBS -> batch.tokenScores().isPresent();
            case LABELS -> batch.desirable().isPresent();
            case KL -> batch.kl().isPresent();
            case REWARD_SHIFT -> batch.rewardShift().isPresent();
        };
    }
}
