package org.learningdynamics.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Writes run files as training would, in milliseconds: chosen's log-probability goes from −10 in
 * steps of β, one step a recording.
 */
class FakeTrainer implements CandidateTrainer<TrainingChoice> {
    static final int RECORDINGS = 6;

    final AtomicInteger trained = new AtomicInteger();
    final AtomicInteger under = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();

    @Override
    public void check(ParameterSpace<TrainingChoice> space) {}

    /** The watched log-probability at a recording. */
    double logProb(TrainingChoice choice, int recording) {
        return -10 + recording * choice.number(TrainingParameter.BETA).orElse(0);
    }

    /** What happens before anything is recorded. */
    void begin(TrainingChoice choice, CandidateWork work) throws Exception {}

    @Override
    public Outcome train(TrainingChoice choice, CandidateWork work) throws Exception {
        most.accumulateAndGet(under.incrementAndGet(), Math::max);
        try {
            begin(choice, work);
            Optional<String> stopped = record(choice, work);
            trained.incrementAndGet();
            return new Outcome(Map.of(), stopped);
        } finally {
            under.decrementAndGet();
        }
    }

    private Optional<String> record(TrainingChoice choice, CandidateWork work) {
        StageWatch watch = work.watchLast("dpo");
        RunHeader header = RunHeader.builder("fake", Instant.EPOCH).stage("dpo").build();
        try (RunFileRecorder file =
                RunFileRecorder.builder(work.file("dpo"), header)
                        .probes(probes())
                        .responses(responses())
                        .build()) {
            for (int t = 0; t < RECORDINGS; t++) {
                watch.check(t, 0.7);
                StepRecording recording = recording(t, logProb(choice, t));
                watch.accept(recording);
                file.record(recording);
            }
            return Optional.empty();
        } catch (CandidateStopped e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static List<ProbeRow> probes() {
        List<ProbeRow> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rows.add(new ProbeRow(i, "digest" + i, "set", "prompt " + i));
        }
        return rows;
    }

    private static List<ResponseRow> responses() {
        List<ResponseRow> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rows.add(new ResponseRow(i, "chosen", "yes", 2));
        }
        return rows;
    }

    static StepRecording recording(int t, double logProb) {
        StepRow step = new StepRow(t, t, 0, 0, 0.7, 0.1, 1, 1, 1);
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            double own = logProb - 0.1 * i;
            rows.add(new LikelihoodRow(t, i, "chosen", own, -0.5, -1, 1, 1, 1, 1, 2));
        }
        return new StepRecording(step, rows, List.of(), List.of());
    }

    @Override
    public long memoryBytes(TrainingChoice value) {
        return 1000;
    }

    @Override
    public Set<Score> scores() {
        return EnumSet.of(
                Score.FINAL_LOG_PROB,
                Score.BEST_LOG_PROB,
                Score.SQUEEZING_INDEX,
                Score.ARGMAX_SHARE,
                Score.WALL_TIME);
    }

    @Override
    public String identity() {
        return "fake";
    }
}
