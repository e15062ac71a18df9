package org.learningdynamics.recording;

import java.io.Serializable;
import java.util.List;

/**
 * One learnt response of the batch behind a recording: how the loss pulls at it. Every value but
 * the self-influence is a measured one: NaN is stored as NULL with an event of the recording. A NaN
 * self-influence was not measured and is stored as NULL without one.
 *
 * @param step the recording
 * @param position the example's place in the batch, from 0
 * @param part {@link #RESPONSE}, {@link #CHOSEN} or {@link #REJECTED}
 * @param example the training example's id
 * @param coefficient derivative of the loss by the log-probability of the response
 * @param aNorm Frobenius norm of A at the response
 * @param gNorm Frobenius norm of the residual G at the logits of the response
 * @param gradNorm L2 norm of the loss's gradient through this response
 * @param selfInfluence first-order effect on its own log-probability (nats), NaN if not measured
 * @param tokens number of response tokens
 */
public record ResidualRow(
        long step,
        int position,
        String part,
        long example,
        double coefficient,
        double aNorm,
        double gNorm,
        double gradNorm,
        double selfInfluence,
        int tokens)
        implements Serializable {
    /** The only response of an unpaired example or of a class example. */
    public static final String RESPONSE = "response";

    /** The preferred response of a pair. */
    public static final String CHOSEN = "chosen";

    /** The dispreferred response of a pair. */
    public static final String REJECTED = "rejected";

    private static final List<String> PARTS = List.of(RESPONSE, CHOSEN, REJECTED);

    /**
     * Checks the values.
     *
     * @param step the recording
     * @param position the example's place in the batch, from 0
     * @param part {@link #RESPONSE}, {@link #CHOSEN} or {@link #REJECTED}
     * @param example the training example's id
     * @param coefficient derivative of the loss by the log-probability of the response
     * @param aNorm Frobenius norm of A at the response
     * @param gNorm Frobenius norm of the residual G at the logits of the response
     * @param gradNorm L2 norm of the loss's gradient through this response
     * @param selfInfluence first-order effect on its own log-probability (nats), NaN if not
     *     measured
     * @param tokens number of response tokens
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public ResidualRow {
        Checks.atLeast("step", 0, step);
        Checks.atLeast("position", 0, position);
        Checks.oneOf("part", PARTS, part);
        Checks.atLeast("tokens", 0, tokens);
    }
}
