package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        metrics.putAll(loss.metrics(graph, pairs));
        inputs.responses().ifPresent(r -> metrics.putAll(TokenMetrics.ofPairs(graph, r)));
        return finish(graph, perPair, metrics);
    }

    static LossGraph ofResponses(SameDiff graph, ResponseLoss loss, LossInputs inputs) {
        ResponseVariables rows = rows(graph, loss, inputs);
        SDVariable perResponse = loss.perResponse(graph, rows);
        Map<String, SDVariable> metrics = new LinkedHashMap<>(loss.metrics(graph, rows));
        inputs.responses().ifPresent(r -> metrics.putAll(TokenMetrics.of(graph, r)));
        return finish(graph, perResponse, metrics);
    }

    static PairVariables pairs(SameDiff graph, PairwiseLoss loss, LossInputs inputs) {
        SDVariable[] s = graph.split(inputs.logProbs(), 2, 0);
        SDVariable[] u = graph.split(logRatios(loss, inputs), 2, 0);
        SDVariable[] n = graph.split(tokens(graph, loss, inputs), 2, 0);
        Optional<SDVariable> shift = inputs.rewardShift();
        return new PairVariables(s[0], s[1], u[0], u[1], n[0], n[1], shift);
    }

    static ResponseVariables rows(SameDiff graph, ResponseLoss loss, LossInputs inputs) {
        return new ResponseVariables(
                inputs.logProbs(),
                logRatios(loss, inputs),
                tokens(graph, loss, inputs),
                inputs.responses()
                        .map(r -> new ResponseVariables.Tokens(r.tokenLogProbs(), r.weights())),
                inputs.desirable(),
                inputs.kl());
    }

    private static SDVariable logRatios(Loss loss, LossInputs inputs) {
        SDVariable logProbs = inputs.logProbs();
        return loss.needsReference() ? logProbs.sub(inputs.requireReference(loss)) : logProbs;
    }

    private static SDVariable tokens(SameDiff graph, Loss loss, LossInputs inputs) {
        return loss.needs().contains(LossNeed.TOKEN_COUNTS)
                ? inputs.requireTokens(loss)
                : graph.onesLike(inputs.logProbs());
    }

    static LossGraph finish(SameDiff graph, SDVariable perExample, Map<String, SDVariable> others) {
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
