package org.learningdynamics.loss;

import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The variables of P pairs in a graph, all of the same floating-point type.
 *
 * @param chosen s⁺ (nats) // [pairs]
 * @param rejected s⁻ (nats) // [pairs]
 * @param chosenLogRatio u = s⁺ − r⁺, or s⁺ without a reference (nats) // [pairs]
 * @param rejectedLogRatio v = s⁻ − r⁻, or s⁻ without a reference (nats) // [pairs]
 * @param chosenTokens L⁺; ones where the loss needs no counts // [pairs]
 * @param rejectedTokens L⁻; ones where the loss needs no counts // [pairs]
 * @param rewardShift δ where the loss needs it, a scalar without gradient // []
 */
public record PairVariables(
        SDVariable chosen,
        SDVariable rejected,
        SDVariable chosenLogRatio,
        SDVariable rejectedLogRatio,
        SDVariable chosenTokens,
        SDVariable rejectedTokens,
        Optional<SDVariable> rewardShift) {
    /**
     * The margin.
     *
     * @return d = u − v (nats) // [pairs]
     */
    public SDVariable margin() {
        return chosenLogRatio.sub(rejectedLogRatio);
    }
}
