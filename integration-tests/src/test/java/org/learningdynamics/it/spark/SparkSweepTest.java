package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.sweeps.SweepProblem;
import org.learningdynamics.spark.SparkCandidates;
import org.learningdynamics.sweep.CandidateRunner;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.record.SweepFile;

/** Where candidates are trained changes nothing about a sweep, also if processes are killed. */
@NeedsSpark
@Timeout(180)
class SparkSweepTest {
    @TempDir private Path folder;

    private Path out(String name) throws Exception {
        return Files.createDirectories(folder.resolve(name));
    }

    private Map<Integer, List<Object>> here(SparkSweep sweep) throws Exception {
        return SparkSweep.found(sweep.here(out("here")), folder.resolve("here"));
    }

    @Test
    void aWorkerKilledInTrainingLosesAndDoublesNothing() throws Exception {
        SparkSweep sweep = SparkSweep.of(folder, 3, 0, 12);
        ExecutorService driver = Executors.newSingleThreadExecutor();
        Set<ProcessHandle> processes = new HashSet<>();
        List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
        try (LocalCluster cluster = LocalCluster.start(folder.resolve("cluster"))) {
            Path out = out("spark");
            Future<SweepFile> done =
                    driver.submit(() -> sweep.at(out, problem -> on(cluster, problem)));
            cluster.killWorkerOf(cluster.awaitFile("-1-dpo.ldyn"));
            Map<Integer, List<Object>> expected = here(sweep);
            SweepFile file = done.get(100, TimeUnit.SECONDS);
            assertTrue(cluster.failedAttempts() > 0, "a killed attempt must have failed");
            assertEquals(expected, SparkSweep.found(file, out));
            try (var files = Files.list(out.resolve("runs"))) {
                assertEquals(expected.size(), files.count());
            }
            ProcessHandle.current().descendants().forEach(processes::add);
        } finally {
            driver.shutdownNow();
        }
        processes.removeAll(others);
        assertEquals(3, processes.size(), "a master, a worker and its executor must be left");
        for (ProcessHandle process : processes) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private static CandidateRunner<TrainingChoice> on(LocalCluster cluster, SweepProblem problem) {
        return SparkCandidates.on(
                cluster.context(), problem.sent().opener(), problem.sent().files());
    }
}
