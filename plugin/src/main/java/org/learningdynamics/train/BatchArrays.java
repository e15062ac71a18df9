package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.RewardShift;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a loss wants of every batch, in the order of the placeholders. */
final class BatchArrays {
    private BatchArrays() {}

    static List<String> placeholders(Loss loss) {
        return List.copyOf(needs(loss).values());
    }

    static List<BatchArray> of(Loss loss, BatchArray reference, RewardShift shift) {
        List<BatchArray> arrays = new ArrayList<>();
        for (LossNeed need : needs(loss).keySet()) {
            arrays.add(
                    switch (need) {
                        case REFERENCE -> reference;
                        case LABELS -> BatchArrays::labels;
                        case REWARD_SHIFT ->
                                (items, type) ->
                                        BatchArray.of(new double[] {shift.current()}, type);
                        default -> throw new IllegalStateException(need + " is made in the graph");
                    });
        }
        return arrays;
    }

    private static Map<LossNeed, String> needs(Loss loss) {
        Map<LossNeed, String> all = new LinkedHashMap<>();
        all.put(LossNeed.REFERENCE, TrainingGraph.REFERENCE);
        all.put(LossNeed.LABELS, TrainingGraph.DESIRABLE);
        all.put(LossNeed.REWARD_SHIFT, TrainingGraph.REWARD_SHIFT);
        Set<LossNeed> wanted = loss.needs();
        all.keySet().retainAll(wanted);
        return all;
    }

    private static INDArray labels(List<TrainingItem> items, DataType type) {
        double[] flags = items.stream().mapToDouble(item -> item.desirable() ? 1 : 0).toArray();
        return BatchArray.of(flags, type);
    }
}
