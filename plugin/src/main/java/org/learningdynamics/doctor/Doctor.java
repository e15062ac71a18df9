package org.learningdynamics.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at this process and its machine: Java, ND4J's backend and its speed, vector instructions
 * and threads, GPUs, memory limits, native memory, versions with known vulnerabilities.
 *
 * <p>Takes about a second, of which most is a few products of 1,024×1,024 matrices, and 20 MiB of
 * native memory. Reads only; starts {@code nvidia-smi} where there is one. Nothing leaves the
 * machine.
 */
public final class Doctor {
    private Doctor() {}

    /**
     * Examines the current process.
     *
     * @return what was looked at, in a fixed order; never empty
     */
    public static List<Check> examine() {
        Host host = Host.current();
        List<Check> checks = new ArrayList<>(JavaCheck.of(host));
        List<Check> backend = BackendCheck.of(host);
        checks.addAll(backend);
        checks.addAll(ProcessorCheck.of(host, Runtime.getRuntime().availableProcessors()));
        checks.addAll(GpuCheck.of(host, GpuCheck::nvidiaSmi));
        if (works(backend)) {
            checks.addAll(
                    MemoryCheck.of(
                            host,
                            Runtime.getRuntime().maxMemory(),
                            BackendCheck.offHeapLimit(),
                            physicalBytes()));
            checks.addAll(AllocatorCheck.of(host));
        }
        checks.addAll(ClassPathCheck.of(host));
        return List.copyOf(checks);
    }

    private static long physicalBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    private static boolean works(List<Check> backend) {
        return backend.stream().noneMatch(check -> check.outcome() == Check.Outcome.PROBLEM);
    }
}
