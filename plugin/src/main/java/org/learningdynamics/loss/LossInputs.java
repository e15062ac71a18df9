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
 * @param responses where the log-probabilities come from; gives the metrics of tokens
 */
public record LossInputs(
        SDVariable logProbs,
        Optional<SDVariable> tokens,
        Optional<SDVariable> reference,
        Optional<ResponseLogProbs> responses) {
    /**
     * Inputs from logits.
     *
     * @param responses defined on the same graph
     * @return inputs without a reference
     */
    public static LossInputs of(ResponseLogProbs responses) {
        return new LossInputs(
                responses.logProbs(),
                Optional.of(responses.tokens()),
                Optional.empty(),
                Optional.of(responses));
    }

    /**
     * Inputs from log-probabilities alone.
     *
     * @param logProbs s (nats) // [rows]
     * @return inputs without token counts and reference
     */
    public static LossInputs of(SDVariable logProbs) {
        return new LossInputs(logProbs, Optional.empty(), Optional.empty(), Optional.empty());
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
        return new LossInputs(logProbs, tokens, Optional.of(rows), responses);
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
        return new LossInputs(logProbs, Optional.of(rows), reference, responses);
    }

    SDVariable requireTokens(Loss loss) {
        return tokens.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "loss " + loss.name() + " needs token counts, got none"));
    }

    SDVariable requireReference(Loss loss) {
        return reference.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "loss "
                                        + loss.name()
                                        + " needs reference log-probabilities, got none"));
    }
}
