package org.learningdynamics.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Java's heap and ND4J's native memory against what the machine, or its container, has. */
final class MemoryCheck {
    private static final long MEBI = 1L << 20;

    private MemoryCheck() {}

    /**
     * @param heap most bytes of the heap
     * @param offHeap most bytes of native memory that JavaCPP hands out, 0 for no limit
     * @param physical bytes of the machine
     */
    static List<Check> of(Host host, long heap, long offHeap, long physical) {
        long available = Math.min(physical, containerLimit(host).orElse(Long.MAX_VALUE));
        String observed =
                "heap up to "
                        + text(heap)
                        + ", native up to "
                        + (offHeap > 0 ? text(offHeap) : "no limit")
                        + ", machine "
                        + text(available);
        if (heap + Math.max(0, offHeap) > available) {
            return List.of(
                    Check.advice(
                            "memory",
                            observed,
                            "Together they can exceed the memory, and the process is then killed:"
                                    + " lower -Xmx or set -Dorg.bytedeco.javacpp.maxbytes."));
        }
        if (offHeap > 0 && offHeap < available / 2) {
            return List.of(
                    Check.advice(
                            "memory",
                            observed,
                            "Arrays live in native memory, whose limit follows -Xmx; for larger"
                                    + " models set -Dorg.bytedeco.javacpp.maxbytes="
                                    + text((available - heap) * 8 / 10).replace(" MiB", "m")
                                    + " and -Dorg.bytedeco.javacpp.maxphysicalbytes="
                                    + text(available * 9 / 10).replace(" MiB", "m")
                                    + "."));
        }
        return List.of(Check.ok("memory", observed));
    }

    /** What control groups allow, version 2 or 1; empty without a limit. */
    private static Optional<Long> containerLimit(Host host) {
        return host.text("sys/fs/cgroup/memory.max")
                .or(() -> host.text("sys/fs/cgroup/memory/memory.limit_in_bytes"))
                .map(String::trim)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong);
    }

    private static String text(long bytes) {
        return String.format(Locale.ROOT, "%d MiB", bytes / MEBI);
    }
}
