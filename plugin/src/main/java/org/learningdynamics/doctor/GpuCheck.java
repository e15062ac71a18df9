package org.learningdynamics.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * NVIDIA GPUs, and whether nd4j-cuda 1.0.0-M2.1 has code for them: its library holds machine code
 * for compute capabilities 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6 and nothing that a driver
 * could translate for later ones. Machine code runs on its own major version from its minor version
 * on.
 */
final class GpuCheck {
    private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String CPU_BACKEND = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
    private static final List<int[]> COMPILED =
            List.of(
                    new int[] {3, 7},
                    new int[] {5, 0},
                    new int[] {5, 2},
                    new int[] {6, 0},
                    new int[] {6, 1},
                    new int[] {7, 0},
                    new int[] {7, 5},
                    new int[] {8, 0},
                    new int[] {8, 6});

    private GpuCheck() {}

    /**
     * @param host where to look
     * @param query lines "name, compute capability", as nvidia-smi prints them
     */
    static List<Check> of(Host host, Supplier<List<String>> query) {
        boolean cuda = host.has(CUDA_BACKEND);
        List<String> devices = query.get();
        if (devices.isEmpty()) {
            return List.of(withoutDevice(cuda, host.has(CPU_BACKEND)));
        }
        List<Check> checks = new ArrayList<>();
        for (String device : devices) {
            checks.add(device(device, cuda, host));
        }
        return checks;
    }

    private static Check withoutDevice(boolean cuda, boolean cpu) {
        if (!cuda) {
            return Check.ok("gpu", "none found, none needed");
        }
        return cpu
                ? Check.ok("gpu", "none found; nd4j-cuda is skipped and the CPU computes")
                : Check.problem(
                        "gpu",
                        "none found, and nd4j-cuda is the only backend",
                        "Put nd4j-native on the class path.");
    }

    private static Check device(String line, boolean cuda, Host host) {
        int comma = line.lastIndexOf(',');
        String capability = comma < 0 ? "" : line.substring(comma + 1).trim();
        if (!capability.matches("\\d+\\.\\d+")) {
            return Check.advice("gpu", line, "Its compute capability could not be read.");
        }
        boolean runs = hasCodeFor(capability);
        if (!cuda) {
            return Check.advice(
                    "gpu",
                    line,
                    runs
                            ? "Not used: build with -Pcuda, or put nd4j-cuda-11.6 on the class path."
                            : "Not used, and nd4j-cuda-11.6 has no code for it.");
        }
        if (runs) {
            return Check.ok("gpu", line + "; nd4j-cuda has code for it");
        }
        boolean preferred =
                host.environment().apply("BACKEND_PRIORITY_CPU").isPresent()
                        && host.has(CPU_BACKEND);
        String advice =
                "nd4j-cuda-11.6 has no code for compute capability "
                        + capability
                        + " and would fail at its first operation; set the environment variable"
                        + " BACKEND_PRIORITY_CPU=1000, with nd4j-native on the class path.";
        return preferred ? Check.advice("gpu", line, advice) : Check.problem("gpu", line, advice);
    }

    static boolean hasCodeFor(String capability) {
        int dot = capability.indexOf('.');
        int major = Integer.parseInt(capability.substring(0, dot));
        int minor = Integer.parseInt(capability.substring(dot + 1));
        return COMPILED.stream().anyMatch(code -> code[0] == major && code[1] <= minor);
    }

    /** What nvidia-smi says; nothing where there is none. */
    static List<String> nvidiaSmi() {
        try {
            Process process =
                    new ProcessBuilder(
                                    "nvidia-smi",
                                    "--query-gpu=name,compute_cap",
                                    "--format=csv,noheader")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean done = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
            return done ? text.lines().filter(line -> line.contains(",")).toList() : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
