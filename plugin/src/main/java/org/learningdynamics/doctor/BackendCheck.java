package org.learningdynamics.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;

/** ND4J's backend, its BLAS and what they do in a second here. */
final class BackendCheck {
    private static final String ND4J = "org/nd4j/linalg/factory/Nd4j.class";
    private static final int SIZE = 1024;
    private static final int REPEATS = 5;
    private static final double SLOW_GIGAFLOPS_A_THREAD = 10;

    /** Measured on one processor: SSE's kernels reach 15 a thread, AVX2's 55, AVX-512's 82. */
    private static final double VECTOR_GIGAFLOPS_A_THREAD = 35;

    private static final String OPENBLAS = "OPENBLAS";
    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
    private static final String VENDOR = "blas.vendor";
    private static final String MEMORY = "memory.available";
    private static final String THREADS = "blas.threads";

    private BackendCheck() {}

    static List<Check> of(Host host) {
        Nd4jBackend backend;
        try {
            backend = Nd4j.getBackend();
        } catch (Throwable e) { // the static initialiser of Nd4j throws errors of many sorts
            return List.of(missing(e));
        }
        Properties information = Nd4j.getExecutioner().getEnvironmentInformation();
        List<Check> checks = new ArrayList<>();
        checks.add(
                Check.ok(
                        "backend",
                        backend.getClass().getSimpleName()
                                + ", ND4J "
                                + String.join(" and ", host.versions("org.nd4j", "nd4j-api", ND4J))
                                + ", default type "
                                + Nd4j.dataType()));
        checks.add(
                blas(
                        host,
                        String.valueOf(information.get(VENDOR)),
                        Integer.parseInt(String.valueOf(information.getOrDefault(THREADS, "1"))),
                        gigaflops()));
        return checks;
    }

    /** Most bytes of native memory for arrays; 0 for no limit. */
    static long offHeapLimit() {
        Object limit = Nd4j.getExecutioner().getEnvironmentInformation().get(MEMORY);
        return limit == null ? 0 : Long.parseLong(limit.toString());
    }

    private static Check missing(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Check.problem(
                "backend",
                "none that works: " + root,
                "Put nd4j-native with the classifier of this platform on the class path.");
    }

    static Check blas(Host host, String vendor, int threads, double gigaflops) {
        String observed =
                String.format(
                        Locale.ROOT,
                        "%s, %d threads, %.0f GFLOP/s (float32, %d×%d)",
                        vendor,
                        threads,
                        gigaflops,
                        SIZE,
                        SIZE);
        double each = gigaflops / Math.max(1, threads);
        Optional<String> kernels =
                isChosenFor(host, vendor) ? Optional.empty() : ProcessorCheck.kernels(host);
        if (each < VECTOR_GIGAFLOPS_A_THREAD && kernels.isPresent()) {
            return Check.advice(
                    "blas",
                    observed,
                    "Slow for this processor's vector instructions. If no other program runs,"
                            + " OpenBLAS may not know it (if it came out later) and take kernels"
                            + " without them: set "
                            + CORE_TYPE
                            + "="
                            + kernels.get()
                            + " in the environment; OPENBLAS_VERBOSE=2 shows which it takes.");
        }
        if (each < SLOW_GIGAFLOPS_A_THREAD) {
            return Check.advice(
                    "blas",
                    observed,
                    "Slow for a processor of the last ten years: look for other programs on it"
                            + " (load), a missing vector unit, or emulation.");
        }
        return Check.ok("blas", observed);
    }

    /**
     * Whether the setting says which kernels OpenBLAS takes, or there is no OpenBLAS to take any.
     */
    private static boolean isChosenFor(Host host, String vendor) {
        String chosen = host.environment().apply(CORE_TYPE).orElse("");
        return !vendor.equals(OPENBLAS) || !chosen.isEmpty();
    }

    /** The best of a few products, so that other programs disturb little. */
    private static double gigaflops() {
        try (INDArray a = Nd4j.rand(DataType.FLOAT, SIZE, SIZE);
                INDArray b = Nd4j.rand(DataType.FLOAT, SIZE, SIZE);
                INDArray c = Nd4j.createUninitialized(DataType.FLOAT, SIZE, SIZE)) {
            Nd4j.exec(new Mmul(a, b, c, null));
            long best = Long.MAX_VALUE;
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                Nd4j.exec(new Mmul(a, b, c, null));
                best = Math.min(best, System.nanoTime() - start);
            }
            return 2.0 * SIZE * SIZE * SIZE / best;
        }
    }
}
