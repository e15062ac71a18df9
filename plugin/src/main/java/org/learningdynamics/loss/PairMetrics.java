package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;

/** Metrics of pairs: log-probabilities and implicit rewards. */
final class PairMetrics {
    private PairMetrics() {}

    static Map<String, SDVariable> of(double beta, PairVariables pairs) {
        SDVariable u = pairs.chosenLogRatio();
        SDVariable v = pairs.rejectedLogRatio();
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        metrics.put(LossMetrics.CHOSEN_LOG_PROB, pairs.chosen().mean());
        metrics.put(LossMetrics.REJECTED_LOG_PROB, pairs.rejected().mean());
        metrics.put(LossMetrics.CHOSEN_REWARD, u.mean().mul(beta));
        metrics.put(LossMetrics.REJECTED_REWARD, v.mean().mul(beta));
        metrics.put(LossMetrics.REWARD_MARGIN, pairs.margin().mean().mul(beta));
        metrics.put(LossMetrics.REWARD_ACCURACY, u.gt(v).castTo(u.dataType()).mean());
        return metrics;
    }
}
