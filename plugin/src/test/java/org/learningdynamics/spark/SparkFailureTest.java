package org.learningdynamics.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages are those of Spark 3.5.9, word for word. */
class SparkFailureTest {
    private static final String JOB =
            "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent"
                    + " failure: Lost task 0.3 in stage 1.0 (TID 5) (127.0.0.1 executor 5): ";

    private static Exception thrown(String rest) {
        return new IllegalStateException(JOB + rest + "\nDriver stacktrace:");
    }

    @Test
    void knowsAttemptsThatTookTheirExecutorsWithThem() {
        String lost = "ExecutorLostFailure (executor 5 exited caused by one of the running tasks)";
        assertEquals(
                Optional.of("4 attempts lost their executors: Command exited with code 137"),
                SparkFailure.lostProcess(thrown(lost + " Reason: Command exited with code 137")));
    }

    @Test
    void doesNotTakeAnExceptionForALostExecutor() {
        Exception other = thrown("java.lang.IllegalStateException: Shutdown in progress");
        assertEquals(Optional.empty(), SparkFailure.lostProcess(other));
        assertEquals(
                "java.lang.IllegalStateException: Shutdown in progress", SparkFailure.cause(other));
        Exception gone =
                new IllegalStateException("Job 3 cancelled because SparkContext was shut down");
        assertEquals(Optional.empty(), SparkFailure.lostProcess(gone));
        assertEquals(
                "Job 3 cancelled because SparkContext was shut down", SparkFailure.cause(gone));
    }
}
