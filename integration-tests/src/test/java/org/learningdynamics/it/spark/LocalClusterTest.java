package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cluster that other tests run on is one: processes of its own, which can be killed. */
@NeedsSpark
@Timeout(120)
class LocalClusterTest {
    @TempDir private Path folder;

    private static long pid(int number) throws InterruptedException {
        Thread.sleep(500);
        return ProcessHandle.current().pid();
    }

    private static void requireEnded(ProcessHandle executor) {
        assertDoesNotThrow(() -> executor.onExit().get(10, TimeUnit.SECONDS));
    }

    @Test
    void tasksRunInTwoProcessesAndAgainElsewhereAfterAKill() throws Exception {
        Set<Long> used = new HashSet<>();
        try (LocalCluster cluster = LocalCluster.start(folder)) {
            JavaFutureAction<List<Long>> job =
                    cluster.context()
                            .parallelize(List.of(0, 1, 2, 3), 4)
                            .map(LocalClusterTest::pid)
                            .collectAsync();
            cluster.killWorkerOf(cluster.awaitTask());
            List<Long> pids = job.get(60, TimeUnit.SECONDS);
            used.addAll(pids);
            assertEquals(4, pids.size());
            assertTrue(cluster.failedAttempts() > 0, "the killed task must have failed");
        }
        assertEquals(1, used.size(), "a killed executor must have given no result");
        for (long pid : used) {
            assertNotEquals(ProcessHandle.current().pid(), pid);
            ProcessHandle.of(pid).ifPresent(LocalClusterTest::requireEnded);
        }
    }
}
