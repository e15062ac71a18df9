package org.learningdynamics.loss;

import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The variables of single responses in a graph, all of the same floating-point type.
 *
 * @param logProbs s (nats) // [rows]
 * @param logRatios s − r, or s without a reference (nats) // [rows]
 * @param tokens L; ones where the loss needs no counts // [rows]
 * @param single log-probabilities and weights of single tokens, where the loss needs them
 * @param desirable 1 where the response is wanted, else 0, where the loss needs it // [rows]
 * @param kl the divergence that log-ratios are compared with, a scalar without gradient, where the
 *     loss needs it (nats) // []
 */
public record ResponseVariables(
        SDVariable logProbs,
        SDVariable logRatios,
        SDVariable tokens,
        Optional<Tokens> single,
        Optional<SDVariable> desirable,
        Optional<SDVariable> kl) {
    /**
     * Single tokens.
     *
     * @param logProbs log π(y), 0 where masked (nats) // [rows, length]
     * @param weights w = ∂s/∂log π(y), 0 where masked // [rows, length]
     */
    public record Tokens(SDVariable logProbs, SDVariable weights) {}

    /** The first or second half of the rows, which keep their labels. */
    ResponseVariables half(SameDiff graph, int index) {
        return new ResponseVariables(
                graph.split(logProbs, 2, 0)[index],
                graph.split(logRatios, 2, 0)[index],
                graph.split(tokens, 2, 0)[index],
                single.map(
                        all ->
                                new Tokens(
                                        graph.split(all.logProbs(), 2, 0)[index],
                                        graph.split(all.weights(), 2, 0)[index])),
                desirable.map(all -> graph.split(all, 2, 0)[index]),
                kl);
    }

    static <T> T require(Optional<T> variable, LossNeed need, Loss loss) {
        return variable.orElseThrow(() -> need.missing(loss));
    }
}
