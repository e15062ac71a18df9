package org.learningdynamics.loss;

import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The variables a loss is defined on, one value per row. A batch of pairs holds 2P rows: P chosen
 * ones, then the P rejected ones in the same order.
 *
 * @param logProbs s under the policy (nats) // [rows]
 * @param tokens numbers of response tokens, in the type of {@code logProbs} // [rows]
 * @param reference s under the reference model, of the same type (nats) // [rows]
 * @param responses where the log-probabilities come from; gives single tokens and their metrics
 * @param desirable 1 where a response is wanted, else 0, of the log-probabilities' type // [rows]
 * @param kl the divergence that kto compares log-ratios with, through which no gradient flows
 *     (nats) // []
 * @param rewardShift δ of bco, through which no gradient flows // []
 */
public record LossInputs(
        SDVariable logProbs,
        Optional<SDVariable> tokens,
        Optional<SDVariable> reference,
        Optional<ResponseLogProbs> responses,
        Optional<SDVariable> desirable,
        Optional<SDVariable> kl,
        Optional<SDVariable> rewardShift) {
    private LossInputs(
            SDVariable logProbs,
            Optional<SDVariable> tokens,
            Optional<ResponseLogProbs> responses) {
        this(
                logProbs,
                tokens,
                Optional.empty(),
                responses,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Inputs from logits.
     *
     * @param responses defined on the same graph
     * @return inputs without a reference
     */
    public static LossInputs of(ResponseLogProbs responses) {
        return new LossInputs(
                responses.logProbs(), Optional.of(responses.tokens()), Optional.of(responses));
    }

    /**
     * Inputs from log-probabilities alone.
     *
     * @param logProbs s (nats) // [rows]
     * @return inputs without token counts and reference
     */
    public static LossInputs of(SDVariable logProbs) {
        return new LossInputs(logProbs, Optional.empty(), Optional.empty());
    }

    /**
     * Inputs from the log-probabilities of pairs.
     *
     * @param graph their graph
     * @param chosen s⁺ (nats) // [pairs]
     * @param rejected s⁻ (nats) // [pairs]
     * @return inputs without token counts and reference
     */
    public static LossInputs ofPairs(SameDiff graph, SDVariable chosen, SDVariable rejected) {
        return of(graph.concat(0, chosen, rejected));
    }

    /**
     * These inputs with a reference.
     *
     * @param rows s under the reference model (nats) // [rows]
     * @return new inputs
     */
    public LossInputs withReference(SDVariable rows) {
        return new LossInputs(
                logProbs, tokens, Optional.of(rows), responses, desirable, kl, rewardShift);
    }

    /**
     * These inputs with a reference given by halves.
     *
     * @param graph their graph
     * @param chosen r⁺ (nats) // [pairs]
     * @param rejected r⁻ (nats) // [pairs]
     * @return new inputs
     */
    public LossInputs withReference(SameDiff graph, SDVariable chosen, SDVariable rejected) {
        return withReference(graph.concat(0, chosen, rejected));
    }

    /**
     * These inputs with token counts.
     *
     * @param rows numbers of response tokens, of the log-probabilities' type // [rows]
     * @return new inputs
     */
    public LossInputs withTokens(SDVariable rows) {
        return new LossInputs(
                logProbs, Optional.of(rows), reference, responses, desirable, kl, rewardShift);
    }

    /**
     * These inputs with labels.
     *
     * @param rows 1 where the response is wanted, else 0, of the log-probabilities' type // [rows]
     * @return new inputs
     */
    public LossInputs withDesirable(SDVariable rows) {
        return new LossInputs(
                logProbs, tokens, reference, responses, Optional.of(rows), kl, rewardShift);
    }

    /**
     * These inputs with a divergence to compare log-ratios with, such as {@link KtoLoss#kl}.
     *
     * @param scalar at least 0 (nats) // []
     * @return new inputs
     */
    public LossInputs withKl(SDVariable scalar) {
        return new LossInputs(
                logProbs,
                tokens,
                reference,
                responses,
                desirable,
                Optional.of(scalar),
                rewardShift);
    }

    /**
     * These inputs with a running mean reward, such as {@link RewardShift}'s.
     *
     * @param scalar δ // []
     * @return new inputs
     */
    public LossInputs withRewardShift(SDVariable scalar) {
        return new LossInputs(
                logProbs, tokens, reference, responses, desirable, kl, Optional.of(scalar));
    }

    SDVariable requireTokens(Loss loss) {
        return tokens.orElseThrow(() -> LossNeed.TOKEN_COUNTS.missing(loss));
    }

    SDVariable requireReference(Loss loss) {
        return reference.orElseThrow(() -> LossNeed.REFERENCE.missing(loss));
    }
}
