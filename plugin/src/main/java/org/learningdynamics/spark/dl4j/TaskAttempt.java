package org.learningdynamics.spark.dl4j;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Which attempt at which task a recording comes from.
 *
 * @param partition the worker's place among the workers, from 0
 * @param stage Spark's number of the averaging round's stage
 * @param attempt 0 unless an earlier attempt was lost
 * @param task Spark's number of the attempt, unique in the application
 * @param executor name of the process
 * @param host its machine
 */
record TaskAttempt(int partition, int stage, int attempt, long task, String executor, String host)
        implements Serializable {

    static TaskAttempt of(TaskContext task) {
        SparkEnv process = SparkEnv.get();
        return new TaskAttempt(
                task.partitionId(),
                task.stageId(),
                task.attemptNumber(),
                task.taskAttemptId(),
                process.executorId(),
                process.blockManager().blockManagerId().host());
    }
}
