package org.learningdynamics.spark.dl4j;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.DynamicsListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What dl4j-spark sends to the workers: only the settings. Every task has a copy of its own, whose
 * first callback makes a real {@link DynamicsListener} for the task's replica. Lets nothing reach
 * training.
 */
final class WorkerListener extends BaseTrainingListener implements RoutingIterationListener {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerListener.class);
    private static final long serialVersionUID = 1L;

    private final Broadcast<byte[]> settings;
    private final transient @Nullable IntSupplier updatesDone;
    private int firstIteration;
    private String session;
    private String worker = "";
    private transient @Nullable StatsStorageRouter router;
    private transient @Nullable WorkerRecording recording;
    private transient @Nullable WorkerSession active;
    private transient boolean failed;

    /**
     * Keeps what the workers are told.
     *
     * @param settings serialised {@link WorkerSettings}
     * @param session name of the recording
     * @param updatesDone the driver's count of updates, asked whenever a round is sent out:
     *     replicas of a graph always count from 0
     */
    WorkerListener(Broadcast<byte[]> settings, String session, @Nullable IntSupplier updatesDone) {
        this.settings = settings;
        this.session = session;
        this.updatesDone = updatesDone;
    }

    private void writeObject(ObjectOutputStream stream) throws IOException {
        if (updatesDone != null) {
            firstIteration = updatesDone.getAsInt();
        }
        stream.defaultWriteObject();
    }

    @Override
    public void onForwardPass(Model replica, List<INDArray> activations) {
        tell(replica, listener -> listener.onForwardPass(replica, activations));
    }

    @Override
    public void onForwardPass(Model replica, Map<String, INDArray> activations) {
        tell(replica, listener -> listener.onForwardPass(replica, activations));
    }

    @Override
    public void onGradientCalculation(Model replica) {
        tell(replica, listener -> listener.onGradientCalculation(replica));
    }

    @Override
    public void onBackwardPass(Model replica) {
        tell(replica, listener -> listener.onBackwardPass(replica));
    }

    @Override
    public void iterationDone(Model replica, int iteration, int epoch) {
        guard(replica, running -> running.iterationDone(replica, iteration, epoch));
    }

    private void tell(Model replica, Consumer<DynamicsListener> callback) {
        guard(replica, running -> running.tell(callback));
    }

    private void guard(Model replica, Consumer<WorkerSession> task) {
        if (failed) {
            return;
        }
        try {
            task.accept(running(replica));
        } catch (RuntimeException | LinkageError e) {
            failed = true;
            LOG.error("this worker's replica is not recorded any more; training goes on", e);
            WorkerRecording told = recording;
            if (told != null) {
                told.fail(e);
            }
        }
    }

    private WorkerSession running(Model replica) {
        WorkerSession known = active;
        if (known == null) {
            known = start(replica);
            active = known;
        }
        return known;
    }

    private WorkerSession start(Model replica) {
        TaskContext task = TaskContext.get();
        StatsStorageRouter home = router;
        if (task == null || home == null) {
            throw new IllegalStateException(
                    "replicas must be trained by tasks of Spark, with a router of dl4j-spark");
        }
        WorkerRecording own = new WorkerRecording(session, TaskAttempt.of(task), firstIteration);
        recording = own;
        home.putUpdate(own);
        WorkerSettings read = JavaBytes.read(settings.getValue(), WorkerSettings.class);
        return WorkerSession.start(read, task, replica, own);
    }

    @Override
    public void setStorageRouter(StatsStorageRouter router) {
        this.router = router;
    }

    @Override
    public @Nullable StatsStorageRouter getStorageRouter() {
        return router;
    }

    @Override
    public void setWorkerID(String workerId) {
        worker = workerId;
    }

    @Override
    public String getWorkerID() {
        return worker;
    }

    @Override
    public void setSessionID(String sessionId) {
        session = sessionId;
    }

    @Override
    public String getSessionID() {
        return session;
    }

    /** A listener with the same settings that has seen nothing yet. */
    @Override
    public RoutingIterationListener clone() {
        return new WorkerListener(settings, session, updatesDone);
    }
}
