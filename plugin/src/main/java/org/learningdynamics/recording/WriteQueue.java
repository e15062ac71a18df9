package org.learningdynamics.recording;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Measurements on their way to the writer, bounded by the table rows that they will become; 16
 * values of a matrix count as a row more. One that is larger than the whole capacity is let in when
 * the queue is empty.
 */
final class WriteQueue {
    private static final long MATRIX_VALUES_A_ROW = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Condition settledMore = lock.newCondition();
    private final ArrayDeque<Measurement> items = new ArrayDeque<>();
    private final long capacity;
    private long rows;
    private long accepted;
    private long settled;
    private boolean closed;

    WriteQueue(long capacityRows) {
        this.capacity = capacityRows;
    }

    static long rowsOf(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            return 1L
                    + recording.likelihoods().size()
                    + recording.tokens().size()
                    + recording.events().size()
                    + recording.interactions().rows();
        }
        if (measurement instanceof ResponseTokens response) {
            return Math.max(1, response.tokens().size());
        }
        return measurement instanceof AttributionBlock block
                ? 1L + block.rows().size() + block.selfInfluences().size()
                : 1;
    }

    /** The rows, and one more for every so many values of matrices. */
    private static long weightOf(Measurement measurement) {
        long rows = rowsOf(measurement);
        return measurement instanceof StepRecording recording
                ? rows + recording.interactions().matrixValues() / MATRIX_VALUES_A_ROW
                : rows;
    }

    /** Adds a measurement; false if the queue is closed, or full under {@code DROP}. */
    boolean put(Measurement measurement, Overflow overflow) throws InterruptedException {
        long weight = weightOf(measurement);
        lock.lockInterruptibly();
        try {
            while (!closed && rows > 0 && rows + weight > capacity) {
                if (overflow == Overflow.DROP) {
                    return false;
                }
                drained.await();
            }
            if (closed) {
                return false;
            }
            items.add(measurement);
            rows += weight;
            accepted++;
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what is there, in order, up to about the given number of rows; waits for the first.
     * Empty once the queue is closed and drained.
     */
    List<Measurement> take(long maxRows) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (items.isEmpty() && !closed) {
                filled.await();
            }
            List<Measurement> batch = new ArrayList<>();
            for (long taken = 0; !items.isEmpty() && taken < maxRows; ) {
                Measurement next = items.remove();
                batch.add(next);
                taken += weightOf(next);
                rows -= weightOf(next);
            }
            drained.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Tells that taken measurements are committed or lost. */
    void settle(int count) {
        lock.lock();
        try {
            settled += count;
            settledMore.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything accepted so far is settled. */
    void awaitSettled() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long target = accepted;
            while (settled < target) {
                settledMore.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nothing in any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the queue, removes what is left in it, settles it and returns how many there were. */
    int abandon() {
        lock.lock();
        try {
            close();
            int left = items.size();
            items.clear();
            rows = 0;
            settled = accepted;
            settledMore.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    long queuedRows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    long settled() {
        lock.lock();
        try {
            return settled;
        } finally {
            lock.unlock();
        }
    }
}
