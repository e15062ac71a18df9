package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ProbeThreadTest {
    @Test
    void runsEverythingOnOneDaemonThread() throws ExecutionException {
        try (ProbeThread thread = new ProbeThread("probe")) {
            Thread first = thread.call(Thread::currentThread);
            assertThrows(ExecutionException.class, () -> thread.call(ProbeThreadTest::fail));
            assertSame(first, thread.call(Thread::currentThread));
            assertNotSame(Thread.currentThread(), first);
            assertTrue(first.isDaemon());
            assertEquals("probe", first.getName());
        }
    }

    private static Object fail() {
        throw new IllegalArgumentException("no");
    }

    @Test
    void passesOnWhatTheTaskThrew() {
        try (ProbeThread thread = new ProbeThread("probe")) {
            ExecutionException thrown =
                    assertThrows(
                            ExecutionException.class, () -> thread.call(ProbeThreadTest::fail));
            assertEquals("no", thrown.getCause().getMessage());
        }
    }

    @Test
    void waitsForTheTaskWhenInterruptedAndKeepsTheInterruption() throws ExecutionException {
        try (ProbeThread thread = new ProbeThread("probe")) {
            Thread.currentThread().interrupt();
            boolean[] done = new boolean[1];
            thread.call(
                    () -> {
                        Thread.sleep(20);
                        done[0] = true;
                        return done;
                    });
            assertTrue(done[0]);
            assertTrue(Thread.interrupted());
            assertFalse(Thread.interrupted());
        }
    }

    @Test
    void endsItsThreadWhenClosed() throws ExecutionException, InterruptedException {
        ProbeThread thread = new ProbeThread("probe");
        Thread worker = thread.call(Thread::currentThread);
        thread.close();
        worker.join(10_000);
        assertFalse(worker.isAlive());
    }
}
