package org.learningdynamics.train;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunFileRecorderBuilder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ToldRecorder;
import org.learningdynamics.series.AlarmStop;
import org.nd4j.autodiff.listeners.Listener;

/** A stage's run file and the listener that fills it; nothing at all if nothing is recorded. */
final class RunSession implements AutoCloseable {
    private final Optional<RunFileRecorder> recorder;
    private final Optional<SameDiffDynamicsListener> listener;

    private RunSession(
            Optional<RunFileRecorder> recorder, Optional<SameDiffDynamicsListener> listener) {
        this.recorder = recorder;
        this.listener = listener;
    }

    static RunSession unrecorded() {
        return new RunSession(Optional.empty(), Optional.empty());
    }

    static RunSession open(
            RunRecording recording,
            Optional<InfluenceOptions> influence,
            RunHeader header,
            InstantSource clock,
            TrainingData data,
            TrainingGraph graph,
            DecoderModel model,
            int done,
            Optional<AlarmStop> stop,
            Consumer<Measurement> told) {
        List<EncodedProbeRow> encoded = EncodedProbes.encode(recording.probes(), data.encoder());
        TokenProbes probes =
                TokenProbes.builder(encoded, data.tokenizer().paddingId())
                        .texts(recording.probes().probes())
                        .setName(recording.probes().name())
                        .build();
        RunFileRecorderBuilder settings =
                RunFileRecorder.builder(recording.file(), header)
                        .probes(probes.probeRows())
                        .responses(probes.responseRows())
                        .texts(recording.texts());
        RunFileRecorder recorder = (done == 0 ? settings : settings.continueFrom(done)).build();
        RunSession session = new RunSession(Optional.of(recorder), Optional.empty());
        try {
            data.rows().forEach(recorder::record);
            if (influence.isPresent()) {
                data.taught().forEach(recorder::record);
            }
            SameDiffDynamicsListener.Builder builder =
                    SameDiffDynamicsListener.builder(graph.graph())
                            .probes(probes)
                            .metrics(graph.recordedMetrics())
                            .schedule(recording.schedule())
                            .firstIteration(done)
                            .tokens(recording.tokens())
                            .clock(clock)
                            .packed(model.packedView())
                            .recorder(
                                    new ToldRecorder(
                                            sink(recorder, recording, encoded, data), told));
            influence.ifPresent(builder::influence);
            recording.distributions().ifPresent(builder::distributions);
            stop.ifPresent(builder::stopOn);
            SameDiffDynamicsListener listener = builder.build();
            session = new RunSession(Optional.of(recorder), Optional.of(listener));
            return session;
        } finally {
            if (session.listener.isEmpty()) {
                session.close();
            }
        }
    }

    /** Where tokens are recorded, so is their wording. */
    private static Recorder sink(
            RunFileRecorder recorder,
            RunRecording recording,
            List<EncodedProbeRow> encoded,
            TrainingData data) {
        if (recording.tokens() == TokenDetail.NONE) {
            return recorder;
        }
        TokenTextRecorder sink = new TokenTextRecorder(recorder, data.tokenizer());
        encoded.forEach(sink::record);
        return sink;
    }

    /** The given listeners, the recording one, and those that come after it. */
    Listener[] with(List<Listener> others, List<Listener> last) {
        List<Listener> all = new ArrayList<>(others);
        listener.ifPresent(all::add);
        all.addAll(last);
        return all.toArray(Listener[]::new);
    }

    void record(Measurement measurement) {
        recorder.ifPresent(file -> file.record(measurement));
    }

    /** Waits until everything recorded so far is in the file. */
    void flush() {
        recorder.ifPresent(RunFileRecorder::flush);
    }

    Optional<ListenerFailures> failures() {
        return listener.map(SameDiffDynamicsListener::failures);
    }

    /** Takes the final recording if one is due, then finishes the file. */
    @Override
    public void close() {
        try {
            listener.ifPresent(SameDiffDynamicsListener::close);
        } finally {
            recorder.ifPresent(RunFileRecorder::close);
        }
    }
}
