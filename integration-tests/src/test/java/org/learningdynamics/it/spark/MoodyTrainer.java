package org.learningdynamics.it.spark;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.sweep.CandidateTrainer;
import org.learningdynamics.sweep.CandidateWork;
import org.learningdynamics.sweep.Outcome;
import org.learningdynamics.sweep.Score;
import org.learningdynamics.sweep.StageWatch;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.TrainingParameter;
import org.learningdynamics.sweep.TrainingSpace;

/** Trains nothing, in milliseconds, and ends as the candidate's method says. */
record MoodyTrainer(String identity) implements CandidateTrainer<TrainingChoice> {
    static final String FINE = "dpo";
    static final String THROWS = "ipo";
    static final String OUT_OF_MEMORY = "slic";
    static final String NOT_A_NUMBER = "kto";
    static final String ENDLESS = "sft";
    static final String HALTS = "nll";

    static TrainingSpace space(String... methods) {
        return new TrainingSpace(
                Map.of(
                        "method",
                                new DiscreteParameterSpace<Object>(
                                        List.<Object>of((Object[]) methods)),
                        "beta", new DiscreteParameterSpace<Object>(List.<Object>of(0.1, 0.2))),
                Map.of());
    }

    @Override
    public void check(ParameterSpace<TrainingChoice> space) {}

    @Override
    public Outcome train(TrainingChoice choice, CandidateWork work) throws Exception {
        double beta = choice.number(TrainingParameter.BETA).orElseThrow();
        StageWatch watch = work.watchLast("stage");
        RunHeader header = RunHeader.builder("moody", Instant.EPOCH).build();
        try (RunFileRecorder file =
                RunFileRecorder.builder(work.file("stage"), header)
                        .probes(List.of(new ProbeRow(0, "digest", "set", "prompt")))
                        .responses(List.of(new ResponseRow(0, "chosen", "text", 3)))
                        .build()) {
            file.record(recording(0, -10));
            double loss = end(choice.text(TrainingParameter.METHOD).orElseThrow());
            watch.check(1, loss);
            file.record(recording(1, -10 + beta));
        }
        return new Outcome(Map.of(), Optional.empty());
    }

    /** The loss, if this ends at all. */
    private static double end(String method) throws InterruptedException {
        switch (method) {
            case THROWS -> throw new IllegalStateException("no mood for it");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("no room for it");
            case NOT_A_NUMBER -> {
                return Double.NaN;
            }
            case ENDLESS -> Thread.sleep(600_000);
            case HALTS -> Runtime.getRuntime().halt(137);
            default -> {}
        }
        return 0.5;
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
}
