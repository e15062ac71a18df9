package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Puts a weighted sum of losses into a graph. */
final class WeightedDefinition {
    private final SameDiff graph;
    private final LossInputs inputs;
    private final boolean onPairs;
    private final Map<String, SDVariable> metrics = new LinkedHashMap<>();

    private WeightedDefinition(SameDiff graph, WeightedLoss sum, LossInputs inputs) {
        this.graph = graph;
        this.onPairs = sum.onPairs();
        this.inputs = onPairs ? labelled(graph, inputs) : inputs;
    }

    private static LossInputs labelled(SameDiff graph, LossInputs inputs) {
        SDVariable half = graph.split(inputs.logProbs(), 2, 0)[0];
        return inputs.withDesirable(graph.concat(0, graph.onesLike(half), graph.zerosLike(half)));
    }

    static LossGraph define(SameDiff graph, WeightedLoss sum, LossInputs inputs) {
        WeightedDefinition definition = new WeightedDefinition(graph, sum, inputs);
        Optional<SDVariable> perExample =
                sum.terms().stream()
                        .map(term -> definition.term(term.loss()).mul(term.weight()))
                        .reduce(SDVariable::add);
        inputs.responses().ifPresent(definition::addTokenMetrics);
        return LossDefinitions.finish(graph, perExample.orElseThrow(), definition.metrics);
    }

    private SDVariable term(Loss loss) {
        if (loss instanceof PairwiseLoss pairwise) {
            return ofPairs(pairwise);
        }
        if (loss instanceof ResponseLoss response) {
            return ofResponses(response);
        }
        throw new IllegalStateException("a term must not be a sum itself, got " + loss.name());
    }

    private SDVariable ofPairs(PairwiseLoss loss) {
        PairVariables pairs = LossDefinitions.pairs(graph, loss, inputs);
        addMetrics(PairMetrics.of(loss.beta(), pairs));
        addMetrics(loss.metrics(graph, pairs));
        return loss.perPair(graph, pairs);
    }

    private SDVariable ofResponses(ResponseLoss loss) {
        ResponseVariables rows = LossDefinitions.rows(graph, loss, inputs);
        if (!onPairs) {
            addMetrics(loss.metrics(graph, rows));
            return loss.perResponse(graph, rows);
        }
        return switch (loss.pairRows()) {
            case CHOSEN -> loss.perResponse(graph, rows.half(graph, 0));
            case REJECTED -> loss.perResponse(graph, rows.half(graph, 1));
            case BOTH -> {
                addMetrics(loss.metrics(graph, rows));
                SDVariable[] halves = graph.split(loss.perResponse(graph, rows), 2, 0);
                yield halves[0].add(halves[1]).mul(.5);
            }
        };
    }

    /** The first loss that has a metric gives it; the others' graphs are not kept from running. */
    private void addMetrics(Map<String, SDVariable> more) {
        more.forEach(metrics::putIfAbsent);
    }

    private void addTokenMetrics(ResponseLogProbs responses) {
        addMetrics(
                onPairs
                        ? TokenMetrics.ofPairs(graph, responses)
                        : TokenMetrics.of(graph, responses));
    }
}
