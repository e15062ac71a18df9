package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.PairScores;
import org.learningdynamics.loss.PairwiseLoss;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The metrics of {@link LossMetrics} without the loss itself, which the host reports. */
final class ResponseMetrics {
    private ResponseMetrics() {}

    static Map<String, Double> of(
            Loss loss,
            ResponseScores scores,
            int[] targets,
            INDArray logits,
            INDArray probabilities) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        LossTerms.first(loss, PairwiseLoss.class)
                .ifPresent(l -> addPairs(metrics, l.beta(), PairScores.of(scores)));
        LossTerms.first(loss, KtoLoss.class).ifPresent(l -> addLabelled(metrics, l.beta(), scores));
        metrics.put(LossMetrics.TOKEN_ACCURACY, accuracy(targets, logits));
        metrics.put(LossMetrics.TOKENS, (double) targets.length);
        metrics.put(LossMetrics.ENTROPY, entropy(logits, probabilities));
        return Collections.unmodifiableMap(metrics);
    }

    private static void addPairs(Map<String, Double> metrics, double beta, List<PairScores> pairs) {
        put(metrics, LossMetrics.CHOSEN_LOG_PROB, pairs, PairScores::chosenLogProb);
        put(metrics, LossMetrics.REJECTED_LOG_PROB, pairs, PairScores::rejectedLogProb);
        put(metrics, LossMetrics.CHOSEN_REWARD, pairs, p -> beta * p.chosenLogRatio());
        put(metrics, LossMetrics.REJECTED_REWARD, pairs, p -> beta * p.rejectedLogRatio());
        put(metrics, LossMetrics.REWARD_MARGIN, pairs, p -> beta * p.margin());
        put(metrics, LossMetrics.REWARD_ACCURACY, pairs, p -> p.margin() > 0 ? 1 : 0);
    }

    /** Means over desirable and undesirable rows, NaN where there are none. */
    private static void addLabelled(
            Map<String, Double> metrics, double beta, ResponseScores scores) {
        double[] logProbs = scores.logProbs();
        double[] rewards = scores.referenceLogProbs();
        Arrays.setAll(rewards, row -> beta * (logProbs[row] - rewards[row]));
        boolean[] labels = scores.desirable().orElseThrow();
        double up = mean(rewards, labels, true);
        double down = mean(rewards, labels, false);
        metrics.putIfAbsent(LossMetrics.CHOSEN_LOG_PROB, mean(logProbs, labels, true));
        metrics.putIfAbsent(LossMetrics.REJECTED_LOG_PROB, mean(logProbs, labels, false));
        metrics.putIfAbsent(LossMetrics.CHOSEN_REWARD, up);
        metrics.putIfAbsent(LossMetrics.REJECTED_REWARD, down);
        metrics.putIfAbsent(LossMetrics.REWARD_MARGIN, up - down);
        metrics.put(LossMetrics.KL, scores.kl().orElseThrow());
    }

    private static double mean(double[] rows, boolean[] labels, boolean label) {
        return IntStream.range(0, rows.length)
                .filter(row -> labels[row] == label)
                .mapToDouble(row -> rows[row])
                .average()
                .orElse(Double.NaN);
    }

    private static void put(
            Map<String, Double> metrics,
            String name,
            List<PairScores> pairs,
            ToDoubleFunction<PairScores> value) {
        metrics.put(name, pairs.stream().mapToDouble(value).average().orElseThrow());
    }

    private static double accuracy(int[] targets, INDArray logits) {
        int[] likeliest = logits.argMax(1).toIntVector();
        int hits = 0;
        for (int i = 0; i < likeliest.length; i++) {
            hits += likeliest[i] == targets[i] ? 1 : 0;
        }
        return hits / (double) likeliest.length;
    }

    /** Mean of max z − log max π − Σ π z. */
    private static double entropy(INDArray logits, INDArray probabilities) {
        double[] max = doubles(logits.max(1));
        double[] top = doubles(probabilities.max(1));
        double[] mean = doubles(logits.mul(probabilities).sum(1));
        double[] entropies = new double[max.length];
        Arrays.setAll(entropies, i -> max[i] - Math.log(top[i]) - mean[i]);
        return Arrays.stream(entropies).average().orElseThrow();
    }

    private static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }
}
