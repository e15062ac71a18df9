package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Metrics of response tokens; computed only where something asks for them. */
final class TokenMetrics {
    private TokenMetrics() {}

    static Map<String, SDVariable> of(SameDiff graph, ResponseLogProbs responses) {
        SDVariable mask = responses.mask().reshape(-1);
        SDVariable tokens = mask.sum();
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        SDVariable hits = hits(graph, responses).mul(mask);
        metrics.put(LossMetrics.TOKEN_ACCURACY, hits.sum().div(tokens));
        metrics.put(LossMetrics.TOKENS, tokens);
        SDVariable entropies = entropies(graph, responses).mul(mask);
        metrics.put(LossMetrics.ENTROPY, entropies.sum().div(tokens));
        return metrics;
    }

    static Map<String, SDVariable> ofPairs(SameDiff graph, ResponseLogProbs responses) {
        Map<String, SDVariable> metrics = of(graph, responses);
        SDVariable logits = responses.logits().mean(1).mul(responses.mask().reshape(-1));
        SDVariable perToken = logits.reshape(graph.shape(responses.labels()));
        SDVariable rows = ResponseLogProbs.sumOfRows(graph, perToken);
        SDVariable[] sums = graph.split(rows, 2, 0);
        SDVariable[] counts = graph.split(responses.tokens(), 2, 0);
        metrics.put(LossMetrics.CHOSEN_LOGITS, sums[0].sum().div(counts[0].sum()));
        metrics.put(LossMetrics.REJECTED_LOGITS, sums[1].sum().div(counts[1].sum()));
        return metrics;
    }

    /** 1 where the likeliest class is the label // [rows·length]. */
    private static SDVariable hits(SameDiff graph, ResponseLogProbs responses) {
        SDVariable labels = responses.labels().reshape(-1);
        SDVariable likeliest = responses.logits().argmax(1).castTo(labels.dataType());
        return graph.eq(likeliest, labels).castTo(responses.logits().dataType());
    }

    /** −Σ π log π = max z − log max π − Σ π z // [rows·length]. */
    private static SDVariable entropies(SameDiff graph, ResponseLogProbs responses) {
        SDVariable probabilities = responses.probabilities();
        SDVariable logits = responses.logits();
        SDVariable logTop = graph.math().log(probabilities.max(1));
        SDVariable mean = graph.dot(probabilities, logits, 1);
        return logits.max(1).sub(logTop).sub(mean);
    }
}
