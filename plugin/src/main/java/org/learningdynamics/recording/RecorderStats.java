package org.learningdynamics.recording;

/**
 * What became of the measurements handed to a recorder. One {@link StepRecording} counts once,
 * however many rows it has.
 *
 * @param committed measurements that are in the file
 * @param committedRows table rows that they became
 * @param dropped measurements refused because the queue was full or the recorder closed
 * @param lost measurements that could not be stored
 * @param queuedRows rows that wait in the queue
 * @param lastStep the last committed recording, −1 if there is none
 * @param failure the first failure of the storage in words, empty if there was none
 */
public record RecorderStats(
        long committed,
        long committedRows,
        long dropped,
        long lost,
        long queuedRows,
        long lastStep,
        String failure) {}
