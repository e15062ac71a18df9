package org.learningdynamics.it;

import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.sweep.CandidateTrainer;
import org.learningdynamics.sweep.CandidateWork;
import org.learningdynamics.sweep.GeneticSearch;
import org.learningdynamics.sweep.Limits;
import org.learningdynamics.sweep.Outcome;
import org.learningdynamics.sweep.Resources;
import org.learningdynamics.sweep.Score;
import org.learningdynamics.sweep.StageWatch;
import org.learningdynamics.sweep.Sweep;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.TrainingParameter;
import org.learningdynamics.sweep.TrainingSpace;
import org.learningdynamics.sweep.record.SweepFile;

/** A process of its own that sweeps with two workers, slowly, and says what it begins. */
final class SweepProcess implements CandidateTrainer<TrainingChoice> {
    static final int CANDIDATES = 9;

    private static final int RECORDINGS = 6;

    private final int millis;
    private int trained;

    SweepProcess(int millis) {
        this.millis = millis;
    }

    synchronized int trained() {
        return trained;
    }

    static SweepFile sweep(Path folder, SweepProcess trainer) throws InterruptedException {
        TrainingSpace space =
                new TrainingSpace(Map.of("beta", new ContinuousParameterSpace(0, 1)), Map.of());
        return Sweep.builder(space, trainer, folder)
                .search(new GeneticSearch(3, 0.8, 0.3))
                .limits(new Limits(Optional.of(CANDIDATES), Optional.empty(), 3))
                .resources(new Resources(2, Long.MAX_VALUE))
                .build()
                .run();
    }

    @Override
    public void check(ParameterSpace<TrainingChoice> space) {}

    @Override
    public Outcome train(TrainingChoice choice, CandidateWork work) throws InterruptedException {
        double beta = choice.number(TrainingParameter.BETA).orElseThrow();
        StageWatch watch = work.watchLast("dpo");
        RunHeader header = RunHeader.builder("killed", Instant.EPOCH).build();
        try (RunFileRecorder file =
                RunFileRecorder.builder(work.file("dpo"), header)
                        .probes(List.of(new ProbeRow(0, "digest", "set", "prompt")))
                        .responses(List.of(new ResponseRow(0, "chosen", "text", 3)))
                        .build()) {
            System.out.println("begun " + work.index());
            for (int t = 0; t < RECORDINGS; t++) {
                watch.check(t, 0.5);
                file.record(recording(t, -10 + beta * t));
                Thread.sleep(millis);
            }
        }
        synchronized (this) {
            trained++;
        }
        return new Outcome(Map.of(), Optional.empty());
    }

    private static StepRecording recording(int t, double logProb) {
        LikelihoodRow row = new LikelihoodRow(t, 0, "chosen", logProb, -1, -2, 1, 1, 1, 1, 3);
        StepRow step = new StepRow(t, t, 0, 0, 0.5, 0.1, 1, 1, 1);
        return new StepRecording(step, List.of(row), List.of(), List.of());
    }

    @Override
    public long memoryBytes(TrainingChoice value) {
        return 1;
    }

    @Override
    public Set<Score> scores() {
        return EnumSet.of(Score.FINAL_LOG_PROB);
    }

    @Override
    public String identity() {
        return "killed";
    }

    /**
     * Sweeps.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) throws InterruptedException {
        sweep(Path.of(arguments[0]), new SweepProcess(40));
        System.out.println("ended all");
    }
}
