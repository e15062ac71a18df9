package org.learningdynamics.sweep;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.task.TaskListener;
import org.deeplearning4j.nn.api.Model;
import org.learningdynamics.listener.Probes;
import org.learningdynamics.listener.Schedule;

/**
 * Records every network that Arbiter's own task creators train: a hook for those who run Arbiter's
 * {@code LocalOptimizationRunner} themselves. Each candidate gets a run file {@code
 * cNNNN-1-network.ldyn}.
 *
 * <pre>{@code
 * new MultiLayerNetworkTaskCreator(evaluator, new RecordingTaskListener(folder, probes, Schedule.every(50)))
 * }</pre>
 *
 * <p>Safe for use by several threads. Arbiter calls {@link #postProcess} only after a training that
 * succeeded; the recordings of others are finished by {@link #close()}.
 */
public final class RecordingTaskListener implements TaskListener, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient Path folder;
    private final transient Probes probes;
    private final transient Schedule schedule;
    private final transient Map<Integer, NetworkRecording> open = new ConcurrentHashMap<>();

    /**
     * Prepares a hook.
     *
     * @param folder an existing folder that gets the run files
     * @param probes what is watched; must fit every candidate's network
     * @param schedule when it is recorded
     */
    public RecordingTaskListener(Path folder, Probes probes, Schedule schedule) {
        this.folder = folder;
        this.probes = probes;
        this.schedule = schedule;
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's interface
    public <T extends Model> T preProcess(T model, Candidate candidate) {
        int index = candidate.getIndex();
        Path file =
                folder.resolve(
                        CandidateWork.prefix(index) + "-1-" + NetworkRecording.STAGE + ".ldyn");
        open.put(
                index,
                NetworkRecording.attach(
                        model,
                        file,
                        Map.of("candidate", Integer.toString(index)),
                        probes,
                        schedule,
                        InstantSource.system(),
                        measurement -> {}));
        return model;
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's interface
    public void postProcess(Model model, Candidate candidate) {
        NetworkRecording recording = open.remove(candidate.getIndex());
        if (recording != null) {
            recording.close();
        }
    }

    /** Finishes the recordings of candidates whose training failed. */
    @Override
    public void close() {
        open.values().forEach(NetworkRecording::close);
        open.clear();
    }

    /**
     * Refuses.
     *
     * @param out not used
     * @throws NotSerializableException always
     */
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(
                "a " + getClass().getName() + " holds open run files and stays in its process");
    }
}
