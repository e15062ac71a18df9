package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.Batcher;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.lm.DecoderModel;

/** Which examples each update sees: whole epochs of the data, the last one cut short. */
final class BatchPlan {
    private final Batcher<TrainingItem> batcher;
    private final int updates;
    private final int paddingId;
    private final TrainingOptions options;

    BatchPlan(TrainingData data, TrainingOptions options) {
        batcher =
                Batcher.of(data.items(), TrainingItem::length, options.batchSize(), options.seed())
                        .bucketWidth(DecoderModel.LENGTH_MULTIPLE);
        updates = options.updates();
        paddingId = data.tokenizer().paddingId();
        this.options = options;
    }

    int epochs() {
        return (updates - 1) / batcher.batchesPerEpoch() + 1;
    }

    /** The batches of an epoch that fall within the number of updates. */
    List<List<TrainingItem>> epoch(int epoch) {
        int left = updates - epoch * batcher.batchesPerEpoch();
        List<List<TrainingItem>> all = batcher.epoch(epoch);
        return all.subList(0, Math.min(all.size(), left));
    }

    /** All batches of an epoch, whatever the number of updates. */
    List<List<TrainingItem>> wholeEpoch(int epoch) {
        return batcher.epoch(epoch);
    }

    int updates() {
        return updates;
    }

    int batchesPerEpoch() {
        return batcher.batchesPerEpoch();
    }

    /** What decides which examples share a batch, and so how their values are rounded. */
    void describe(Map<String, String> all) {
        all.put("batch_size", Integer.toString(options.batchSize()));
        all.put("seed", Long.toString(options.seed()));
    }

    int microBatches() {
        return options.update().microBatches();
    }

    /** What some items count in the loss of their batch. */
    double share(List<TrainingItem> some, List<TrainingItem> batch) {
        BatchMean mean = BatchMean.of(options.loss());
        return mean.size(some) / mean.size(batch);
    }

    /** Rows of a batch: all first responses, then all second ones if there are. */
    TokenBatch rows(List<TrainingItem> batch) {
        List<EncodedResponse> rows = new ArrayList<>();
        for (int i = 0; i < batch.get(0).responses().size(); i++) {
            for (TrainingItem item : batch) {
                rows.add(item.responses().get(i));
            }
        }
        return TokenBatch.of(rows, paddingId, DecoderModel.LENGTH_MULTIPLE);
    }
}
