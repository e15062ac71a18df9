package org.learningdynamics.it.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Which executors run tasks now, as the driver knows it. */
final class RunningTasks extends SparkListener {
    private final List<String> executors = new ArrayList<>();
    private int failed;

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
        executors.add(task.taskInfo().executorId());
        notifyAll();
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        executors.remove(task.taskInfo().executorId());
        failed += task.taskInfo().successful() ? 0 : 1;
    }

    /** Attempts that ended without a result. */
    synchronized int failed() {
        return failed;
    }

    /** An executor that runs a task. */
    synchronized String await(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (executors.isEmpty()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IllegalStateException("no task began within " + most);
            }
            wait(millis);
        }
        return executors.get(0);
    }
}
