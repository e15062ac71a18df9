package org.learningdynamics.mlflow;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ForwardingRecorder;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;

/**
 * Passes everything on to another recorder and sends means and training metrics to an MLflow server
 * besides, while training runs.
 *
 * <p>Whatever the server does, training neither waits nor fails: {@link #record} puts a few numbers
 * into a bounded queue, which a thread of its own sends in batches. What finds the queue full or
 * fails to be sent is lost to the server, never to the other recorder; it is counted, the first
 * failure is logged, and after a failure the server is left alone for up to a minute. {@link
 * MlflowExport} sends a whole run afterwards.
 *
 * <p>Threads: as {@link Recorder} says. Costs a pass over a recording's rows on the training
 * thread.
 */
public final class MlflowRecorder extends ForwardingRecorder {
    /** How long {@link #close} waits for a server that answers. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final MlflowSender sender;
    private final InstantSource clock;

    private MlflowRecorder(Recorder recorder, MlflowSender sender, InstantSource clock) {
        super(recorder);
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * Starts sending; the server is asked for nothing yet.
     *
     * @param recorder where everything is recorded, closed with this one
     * @param header where the run comes from, sent as parameters
     * @param target where to send
     * @param clock the time of day
     * @return a recorder to use in the other's place
     */
    public static MlflowRecorder of(
            Recorder recorder, RunHeader header, MlflowTarget target, InstantSource clock) {
        return of(recorder, header, target, clock, CLOSE_TIMEOUT);
    }

    static MlflowRecorder of(
            Recorder recorder,
            RunHeader header,
            MlflowTarget target,
            InstantSource clock,
            Duration closeTimeout) {
        MlflowSender sender = new MlflowSender(target, header, clock, closeTimeout);
        sender.start();
        return new MlflowRecorder(recorder, sender, clock);
    }

    @Override
    public void record(Measurement measurement) {
        recorder().record(measurement);
        if (measurement instanceof Metric metric) {
            sender.offer(
                    new MlflowBatch(
                            List.of(
                                    MlflowNames.metric(
                                            metric.name(),
                                            metric.value(),
                                            metric.iteration(),
                                            clock.millis())),
                            List.of()));
        } else if (measurement instanceof StepRecording recording) {
            sender.offer(
                    new MlflowBatch(
                            MlflowSeries.of(recording.step(), recording.likelihoods()),
                            recording.events().stream().map(MlflowBatch::tag).toList()));
        } else if (measurement instanceof Event event) {
            sender.offer(new MlflowBatch(List.of(), List.of(MlflowBatch.tag(event))));
        }
    }

    /**
     * Tells what became of what was to be sent.
     *
     * @return the counts
     */
    public MlflowStats stats() {
        return sender.stats();
    }

    /**
     * Closes the other recorder, then sends what waits and ends the run on the server; gives up
     * after {@link #CLOSE_TIMEOUT}, and at once if the server failed last.
     */
    @Override
    public void close() {
        super.close();
        sender.close();
    }
}
