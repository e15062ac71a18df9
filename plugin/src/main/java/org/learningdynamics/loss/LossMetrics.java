package org.learningdynamics.loss;

/**
 * Names of the metrics of a {@link LossGraph}, which are TRL's. Means over tokens are over the
 * unmasked response tokens of the batch.
 */
public final class LossMetrics {
    /** The loss. */
    public static final String LOSS = "loss";

    /** Mean of s⁺ over pairs (nats). */
    public static final String CHOSEN_LOG_PROB = "logps/chosen";

    /** Mean of s⁻ over pairs (nats). */
    public static final String REJECTED_LOG_PROB = "logps/rejected";

    /** Mean of β·u over pairs; the log-ratio u is s⁺ itself for a loss without reference. */
    public static final String CHOSEN_REWARD = "rewards/chosen";

    /** Mean of β·v over pairs. */
    public static final String REJECTED_REWARD = "rewards/rejected";

    /** Mean of β·(u − v) over pairs. */
    public static final String REWARD_MARGIN = "rewards/margins";

    /** Share of pairs with u above v. */
    public static final String REWARD_ACCURACY = "rewards/accuracies";

    /** Share of tokens whose likeliest class is the label. */
    public static final String TOKEN_ACCURACY = "mean_token_accuracy";

    /** Number of tokens. */
    public static final String TOKENS = "num_tokens";

    /** Mean entropy per token (nats). */
    public static final String ENTROPY = "entropy";

    /** Mean logit over the vocabulary and the tokens of the chosen responses. */
    public static final String CHOSEN_LOGITS = "logits/chosen";

    /** Mean logit over the vocabulary and the tokens of the rejected responses. */
    public static final String REJECTED_LOGITS = "logits/rejected";

    /** kto: the divergence that log-ratios are compared with (nats). */
    public static final String KL = "kl";

    /** orpo: mean cross-entropy over the chosen response tokens (nats). */
    public static final String NLL_LOSS = "nll_loss";

    /** orpo: mean over pairs of the log of the logistic function of the log-odds ratio. */
    public static final String LOG_ODDS_RATIO = "log_odds_ratio";

    /** orpo: mean over pairs of the log-odds ratio of chosen to rejected. */
    public static final String LOG_ODDS_CHOSEN = "log_odds_chosen";

    private LossMetrics() {}
}
