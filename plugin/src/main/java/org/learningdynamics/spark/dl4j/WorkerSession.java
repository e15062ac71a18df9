package org.learningdynamics.spark.dl4j;

import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.api.Model;
import org.learningdynamics.listener.DynamicsListener;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/** The listener of one attempt at one partition of one round, on the thread of its task. */
final class WorkerSession {
    private final WorkerRecording recording;
    private final WorkerRecorder recorder;
    private final DynamicsListener listener;
    private int updates;

    private WorkerSession(WorkerSettings settings, Model replica, WorkerRecording recording) {
        this.recording = recording;
        recorder = new WorkerRecorder(recording);
        listener = settings.listener(replica, recorder, recording.firstIteration());
    }

    /** Starts in the first callback, inside the workspaces of the host's forward pass. */
    @SuppressWarnings("try") // the scope is closed, not read
    static WorkerSession start(
            WorkerSettings settings, TaskContext task, Model replica, WorkerRecording recording) {
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            WorkerSession session = new WorkerSession(settings, replica, recording);
            TaskCompletionListener close = ended -> session.listener.close();
            task.addTaskCompletionListener(close);
            return session;
        }
    }

    /** Hands a callback on. */
    void tell(Consumer<DynamicsListener> callback) {
        callback.accept(listener);
    }

    void iterationDone(Model replica, int iteration, int epoch) {
        recorder.next();
        updates++;
        listener.iterationDone(replica, iteration, epoch);
        recording.count(updates, listener.failures());
    }
}
