package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Puts a loss and its metrics into a graph. */
final class LossDefinitions {
    private LossDefinitions() {}

    static LossGraph ofPairs(SameDiff graph, PairwiseLoss loss, LossInputs inputs) {
        PairVariables pairs = pairs(graph, loss, inputs);
        SDVariable perPair = loss.perPair(graph, pairs);
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        metrics.putAll(PairMetrics.of(loss.beta(), pairs));
        inputs.responses().ifPresent(r -> metrics.putAll(TokenMetrics.ofPairs(graph, r)));
        return finish(graph, perPair, metrics);
    }

    static LossGraph ofResponses(SameDiff graph, ResponseLoss loss, LossInputs inputs) {
        SDVariable tokens = inputs.requireTokens(loss);
        SDVariable perResponse = loss.perResponse(graph, inputs.logProbs(), tokens);
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        inputs.responses().ifPresent(r -> metrics.putAll(TokenMetrics.of(graph, r)));
        return finish(graph, perResponse, metrics);
    }

    private static PairVariables pairs(SameDiff graph, PairwiseLoss loss, LossInputs inputs) {
        SDVariable logProbs = inputs.logProbs();
        SDVariable logRatios =
                loss.needsReference() ? logProbs.sub(inputs.requireReference(loss)) : logProbs;
        SDVariable tokens =
                loss.needsTokenCounts() ? inputs.requireTokens(loss) : graph.onesLike(logProbs);
        SDVariable[] s = graph.split(logProbs, 2, 0);
        SDVariable[] u = graph.split(logRatios, 2, 0);
        SDVariable[] n = graph.split(tokens, 2, 0);
        return new PairVariables(s[0], s[1], u[0], u[1], n[0], n[1]);
    }

    private static LossGraph finish(
            SameDiff graph, SDVariable perExample, Map<String, SDVariable> others) {
        SDVariable loss = rename(graph, perExample.mean(), LossMetrics.LOSS);
        loss.markAsLoss();
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        metrics.put(LossMetrics.LOSS, loss);
        others.forEach((name, variable) -> metrics.put(name, rename(graph, variable, name)));
        return new LossGraph(loss, perExample, metrics);
    }

    /** The metric's name with underscores, or the next free one after it. */
    private static SDVariable rename(SameDiff graph, SDVariable variable, String metric) {
        String name = metric.replace('/', '_');
        String free = name;
        for (int i = 1; graph.hasVariable(free); i++) {
            free = name + "_" + i;
        }
        return variable.rename(free);
    }
}
