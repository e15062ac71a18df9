package org.learningdynamics.spark.dl4j;

import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.StepRecording;

/** Stores averaging rounds, on the driver's training thread. */
final class RoundRecording implements AutoCloseable {
    private final ClusterTraining training;
    private final ClusterFiles files;
    private final AveragedRecorder averaged;
    private final DynamicsListener listener;
    private ListenerFailures ofWorkers = new ListenerFailures(0, 0, 0);
    private long rounds;

    RoundRecording(ClusterTraining training, ClusterFiles files, DynamicsListener.Builder builder) {
        this.training = training;
        this.files = files;
        averaged = new AveragedRecorder(files.averaged());
        listener = builder.recorder(averaged).build();
        recordAveraged(training.iteration(), Double.NaN);
        averaged.last().ifPresent(files::startFrom);
    }

    /** A round whose average is in the network, which does not count its updates yet. */
    void store(List<WorkerRecording> workers) {
        Model current = training.current().get();
        if (current != training.network()) {
            throw new IllegalStateException(
                    "the network that is trained must be the one that is recorded, got another");
        }
        rounds++;
        Drift drift = new Drift(workers.size());
        workers.stream()
                .sorted(Comparator.comparingInt(worker -> worker.attempt().partition()))
                .forEach(worker -> storeWorker(worker, drift));
        long updates = training.iteration() + (long) training.master().getAveragingFrequency();
        recordAveraged(updates, training.score().getAsDouble());
        drift.spread().forEach(files.averaged()::record);
        averaged.last().map(drift::jump).orElse(List.of()).forEach(files.averaged()::record);
    }

    private void storeWorker(WorkerRecording worker, Drift drift) {
        ofWorkers = sum(ofWorkers, worker.failures());
        WorkerFile file = files.worker(worker.attempt().partition());
        for (StepRecording recording : file.append(worker, rounds, training.epoch())) {
            drift.add(recording);
        }
    }

    private void recordAveraged(long updates, double loss) {
        averaged.at(updates, training.epoch(), loss);
        if (rounds > 0) {
            files.averaged().record(new Metric(updates, "loss", loss));
        }
        listener.recordNow();
    }

    long rounds() {
        return rounds;
    }

    ListenerFailures failures() {
        return sum(ofWorkers, listener.failures());
    }

    private static ListenerFailures sum(ListenerFailures a, ListenerFailures b) {
        return new ListenerFailures(
                a.probeBatches() + b.probeBatches(),
                a.recorderCalls() + b.recorderCalls(),
                a.callbacks() + b.callbacks());
    }

    @Override
    public void close() {
        listener.close();
        files.close();
    }
}
