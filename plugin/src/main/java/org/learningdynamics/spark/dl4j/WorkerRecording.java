package org.learningdynamics.spark.dl4j;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Severity;

/**
 * What one attempt at one partition of one averaging round has measured. It is part of the result
 * that holds the attempt's parameters, so that it comes home if and only if these are averaged.
 *
 * <p>Holds bytes and numbers only: any serializer that Spark is told to use can take it. Complete
 * after every callback, because nobody tells a worker which update is its last.
 */
final class WorkerRecording implements Persistable {
    /** What DL4J calls the type of a stored thing. */
    static final String TYPE = "LearningDynamics";

    private static final long serialVersionUID = 1L;

    private final String session;
    private final byte[] attempt;
    private final int firstIteration;
    private final ArrayList<byte[]> measurements = new ArrayList<>();
    private int updates;
    private long probeBatchFailures;
    private long recorderFailures;
    private long callbackFailures;

    WorkerRecording(String session, TaskAttempt attempt, int firstIteration) {
        this.session = session;
        this.attempt = JavaBytes.of(attempt);
        this.firstIteration = firstIteration;
    }

    void add(Measurement measurement) {
        measurements.add(JavaBytes.of(measurement));
    }

    /** The updates that the attempt has made, and what could not be done. */
    void count(int done, ListenerFailures failures) {
        updates = done;
        probeBatchFailures = failures.probeBatches();
        recorderFailures = failures.recorderCalls();
        callbackFailures = failures.callbacks();
    }

    /** Says why nothing more is measured here. */
    void fail(Throwable cause) {
        callbackFailures++;
        add(new Event(-1, Severity.ERROR, "worker_not_recorded", String.valueOf(cause)));
    }

    TaskAttempt attempt() {
        return JavaBytes.read(attempt, TaskAttempt.class);
    }

    List<Measurement> measurements() {
        return measurements.stream()
                .map(bytes -> JavaBytes.read(bytes, Measurement.class))
                .toList();
    }

    /** Updates done before this round. */
    int firstIteration() {
        return firstIteration;
    }

    int updates() {
        return updates;
    }

    ListenerFailures failures() {
        return new ListenerFailures(probeBatchFailures, recorderFailures, callbackFailures);
    }

    @Override
    public String getSessionID() {
        return session;
    }

    @Override
    public String getTypeID() {
        return TYPE;
    }

    @Override
    public String getWorkerID() {
        return Integer.toString(attempt().partition());
    }

    @Override
    public long getTimeStamp() {
        return attempt().task();
    }

    @Override
    public int encodingLengthBytes() {
        throw notStored();
    }

    @Override
    public byte[] encode() {
        throw notStored();
    }

    @Override
    public void encode(ByteBuffer buffer) {
        throw notStored();
    }

    @Override
    public void encode(OutputStream stream) {
        throw notStored();
    }

    @Override
    public void decode(byte[] bytes) {
        throw notStored();
    }

    @Override
    public void decode(ByteBuffer buffer) {
        throw notStored();
    }

    @Override
    public void decode(InputStream stream) {
        throw notStored();
    }

    private static UnsupportedOperationException notStored() {
        return new UnsupportedOperationException(
                "recordings of workers must go to run files, DL4J's storages cannot take them");
    }
}
