package org.learningdynamics.loss;

/** What a loss needs to know besides the log-probabilities of the responses. */
public enum LossNeed {
    /** Log-probabilities under a reference model. */
    REFERENCE("reference log-probabilities"),
    /** Numbers of response tokens. */
    TOKEN_COUNTS("token counts"),
    /** Log-probabilities of single tokens. */
    TOKEN_LOG_PROBS("token log-probabilities"),
    /** Whether each response is desirable. */
    LABELS("labels of desirable rows"),
    /** The divergence that log-ratios are compared with, a constant. */
    KL("a kl divergence"),
    /** The running mean reward, a constant. */
    REWARD_SHIFT("a reward shift");

    private final String words;

    LossNeed(String words) {
        this.words = words;
    }

    IllegalArgumentException missing(Loss loss) {
        return new IllegalArgumentException(
                "loss " + loss.name() + " needs " + words + ", got none");
    }
}
