package org.learningdynamics.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Vector instructions against the native build on the class path, and native threads. */
final class ProcessorCheck {
    private static final String BINDINGS = "org/nd4j/linalg/cpu/nativecpu/bindings/linux-x86_64";

    private static final List<String> AVX2 = List.of("avx2", "fma");
    private static final List<String> AVX512 =
            List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private ProcessorCheck() {}

    static List<Check> of(Host host, int processors) {
        List<Check> checks = new ArrayList<>();
        instructions(host).ifPresent(checks::add);
        checks.add(threads(host, processors));
        return checks;
    }

    /** OpenBLAS's kernels for the processor's vector instructions; none for those without AVX2. */
    static Optional<String> kernels(Host host) {
        Set<String> flags = flags(host);
        if (flags.containsAll(AVX512)) {
            return Optional.of("SkylakeX");
        }
        return flags.containsAll(AVX2) ? Optional.of("Haswell") : Optional.empty();
    }

    private static Optional<Check> instructions(Host host) {
        Set<String> flags = flags(host);
        if (!host.has(BINDINGS + "/") && build(host).isEmpty()) {
            return Optional.empty(); // another platform's build
        }
        String build = build(host);
        String best = flags.contains("avx512f") ? "-avx512" : flags.contains("avx2") ? "-avx2" : "";
        String observed = "processor " + name(best) + ", native build " + name(build);
        if (rank(build) > rank(best)) {
            return Optional.of(
                    Check.problem(
                            "vector instructions",
                            observed,
                            "This build stops with an illegal instruction; take the generic one"
                                    + " (classifier linux-x86_64)."));
        }
        if (rank(build) < rank(best)) {
            return Optional.of(
                    Check.advice(
                            "vector instructions",
                            observed,
                            "Element-wise operations can be faster with the classifier linux-x86_64"
                                    + best
                                    + " of nd4j-native (building from source:"
                                    + " -Dnd4j.extension="
                                    + best
                                    + "); matrix products choose by themselves."));
        }
        return Optional.of(Check.ok("vector instructions", observed));
    }

    private static Set<String> flags(Host host) {
        return host.text("proc/cpuinfo")
                .flatMap(ProcessorCheck::flags)
                .map(line -> Set.copyOf(Arrays.asList(line.trim().split("\\s+"))))
                .orElse(Set.of());
    }

    private static Optional<String> flags(String cpuInfo) {
        return cpuInfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1));
    }

    private static String build(Host host) {
        for (String build : List.of("-avx512", "-avx2")) {
            if (host.has(BINDINGS + build + "/")) {
                return build;
            }
        }
        return "";
    }

    private static int rank(String build) {
        return List.of("", "-avx2", "-avx512").indexOf(build);
    }

    private static String name(String build) {
        return build.isEmpty() ? "generic" : build.substring(1);
    }

    private static Check threads(Host host, int processors) {
        Optional<String> setting = host.environment().apply("OMP_NUM_THREADS");
        String observed = processors + " processors, OMP_NUM_THREADS " + setting.orElse("not set");
        if (setting.isEmpty() && processors > 1) {
            return Check.advice(
                    "native threads",
                    observed,
                    "Models below about 10 million parameters train faster with OMP_NUM_THREADS=1:"
                            + " threads wait for each other in small operations.");
        }
        return Check.ok("native threads", observed);
    }
}
