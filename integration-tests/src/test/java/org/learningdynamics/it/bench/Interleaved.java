package org.learningdynamics.it.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times several works in turns, so that all of them meet the same machine: the first rounds, three
 * unless {@code -Dwarm.ups} says otherwise, are thrown away, of the others the medians count. CPU
 * time is that of all Java threads together (compiler and collector are no Java threads), which a
 * busy machine changes less than wall-clock time.
 */
final class Interleaved {
    private static final int WARM_UPS = Integer.getInteger("warm.ups", 3);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Work> works = new LinkedHashMap<>();

    /** Anything that tells what it took. */
    @FunctionalInterface
    interface Work {
        Times run();
    }

    /** What a work took. */
    record Times(double cpuMillis, double wallMillis) {}

    Interleaved add(String name, Runnable work) {
        return addTimed(name, () -> time(work));
    }

    /** For work of another process. */
    Interleaved addTimed(String name, Work work) {
        works.put(name, work);
        return this;
    }

    static Times time(Runnable work) {
        long wall = System.nanoTime();
        long cpu = cpuNanos();
        work.run();
        return new Times(
                (cpuNanos() - cpu) / NANOS_PER_MILLI, (System.nanoTime() - wall) / NANOS_PER_MILLI);
    }

    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long thread : threads.getAllThreadIds()) {
            sum += Math.max(0, threads.getThreadCpuTime(thread));
        }
        return sum;
    }

    /** Medians by name. */
    Map<String, Times> medians(int rounds) {
        Map<String, List<Times>> all = new LinkedHashMap<>();
        works.keySet().forEach(name -> all.put(name, new ArrayList<>()));
        for (int round = -WARM_UPS; round < rounds; round++) {
            for (Map.Entry<String, Work> work : works.entrySet()) {
                Times times = work.getValue().run();
                if (round >= 0) {
                    all.get(work.getKey()).add(times);
                }
            }
        }
        Map<String, Times> medians = new LinkedHashMap<>();
        all.forEach((name, times) -> medians.put(name, median(times)));
        return medians;
    }

    private static Times median(List<Times> times) {
        double[] cpu = times.stream().mapToDouble(Times::cpuMillis).sorted().toArray();
        double[] wall = times.stream().mapToDouble(Times::wallMillis).sorted().toArray();
        return new Times(cpu[cpu.length / 2], wall[wall.length / 2]);
    }
}
