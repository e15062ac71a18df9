package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.PairScores;
import org.learningdynamics.loss.PairwiseLoss;
import org.learningdynamics.loss.WeightedLoss;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The metrics of {@link LossMetrics} without the loss itself, which the host reports. */
final class ResponseMetrics {
    private ResponseMetrics() {}

    static Map<String, Double> of(
            Loss loss,
            ResponseScores scores,
            ResponseTokens tokens,
            INDArray logits,
            INDArray probabilities) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        pairwise(loss).ifPresent(l -> addPairs(metrics, l.beta(), PairScores.of(scores)));
        metrics.put(LossMetrics.TOKEN_ACCURACY, accuracy(tokens, logits));
        metrics.put(LossMetrics.TOKENS, (double) tokens.count());
        metrics.put(LossMetrics.ENTROPY, entropy(logits, probabilities));
        return Collections.unmodifiableMap(metrics);
    }

    /** The loss itself, or the first term of a sum that is on pairs. */
    private static Optional<PairwiseLoss> pairwise(Loss loss) {
        Stream<Loss> terms =
                loss instanceof WeightedLoss sum
                        ? sum.terms().stream().map(WeightedLoss.Term::loss)
                        : Stream.of(loss);
        return terms.filter(PairwiseLoss.class::isInstance)
                .map(PairwiseLoss.class::cast)
                .findFirst();
    }

    private static void addPairs(Map<String, Double> metrics, double beta, List<PairScores> pairs) {
        put(metrics, LossMetrics.CHOSEN_LOG_PROB, pairs, PairScores::chosenLogProb);
        put(metrics, LossMetrics.REJECTED_LOG_PROB, pairs, PairScores::rejectedLogProb);
        put(metrics, LossMetrics.CHOSEN_REWARD, pairs, p -> beta * p.chosenLogRatio());
        put(metrics, LossMetrics.REJECTED_REWARD, pairs, p -> beta * p.rejectedLogRatio());
        put(metrics, LossMetrics.REWARD_MARGIN, pairs, p -> beta * p.margin());
        put(metrics, LossMetrics.REWARD_ACCURACY, pairs, p -> p.margin() > 0 ? 1 : 0);
    }

    private static void put(
            Map<String, Double> metrics,
            String name,
            List<PairScores> pairs,
            ToDoubleFunction<PairScores> value) {
        metrics.put(name, pairs.stream().mapToDouble(value).average().orElseThrow());
    }

    private static double accuracy(ResponseTokens tokens, INDArray logits) {
        int[] likeliest = logits.argMax(1).toIntVector();
        int hits = 0;
        for (int i = 0; i < likeliest.length; i++) {
            hits += likeliest[i] == tokens.token(i) ? 1 : 0;
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
