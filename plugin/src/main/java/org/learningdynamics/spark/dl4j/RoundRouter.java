package org.learningdynamics.spark.dl4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.StorageMetaData;

/**
 * Where the training master puts what came with the averaged results: once a round, after the
 * average is in the driver's network.
 */
final class RoundRouter implements StatsStorageRouter {
    private final Consumer<List<WorkerRecording>> rounds;

    RoundRouter(Consumer<List<WorkerRecording>> rounds) {
        this.rounds = rounds;
    }

    @Override
    public void putUpdate(Collection<? extends Persistable> updates) {
        List<WorkerRecording> workers = new ArrayList<>();
        for (Persistable update : updates) {
            if (update instanceof WorkerRecording recording) {
                workers.add(recording);
            }
        }
        rounds.accept(workers);
    }

    @Override
    public void putUpdate(Persistable update) {
        putUpdate(List.of(update));
    }

    @Override
    public void putStorageMetaData(StorageMetaData metaData) {
        // This library's workers send none.
    }

    @Override
    public void putStorageMetaData(Collection<? extends StorageMetaData> metaData) {
        // This library's workers send none.
    }

    @Override
    public void putStaticInfo(Persistable info) {
        // This library's workers send none.
    }

    @Override
    public void putStaticInfo(Collection<? extends Persistable> info) {
        // This library's workers send none.
    }
}
