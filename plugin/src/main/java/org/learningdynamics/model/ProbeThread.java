package org.learningdynamics.model;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The one thread on which a model is probed while the training thread waits.
 *
 * <p>Workspaces and random generators belong to threads in ND4J, so work done here cannot disturb
 * those of the training thread. The thread is a daemon and lives until {@link #close()}.
 */
public final class ProbeThread implements AutoCloseable {
    private final ExecutorService executor;

    /**
     * Starts no thread yet; the first call does.
     *
     * @param name the thread's name
     */
    public ProbeThread(String name) {
        executor =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /**
     * Runs a task and waits for its end, also when the waiting thread is interrupted: the task may
     * be reading arrays that training would change. The interruption is kept for the caller.
     *
     * @param <T> result type
     * @param task what to run
     * @return the task's result
     * @throws ExecutionException if the task failed; the cause is what it threw
     */
    public <T> T call(Callable<T> task) throws ExecutionException {
        Future<T> result = executor.submit(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets the thread end after what it is doing. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
