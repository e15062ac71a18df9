package org.learningdynamics.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Starts ND4J where nd4j-cuda is on the class path. Where no GPU can be used ND4J prints a stack
 * trace and takes the CPU; one sentence says the same.
 */
final class CudaFallback {
    private static final String CUDA_BACKEND = "/org/nd4j/linalg/jcublas/JCublasBackend.class";

    private CudaFallback() {}

    /** Does nothing in a build without CUDA. */
    static void start(PrintStream err) {
        if (CudaFallback.class.getResource(CUDA_BACKEND) == null) {
            return;
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        boolean cpu;
        try {
            cpu = Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend");
        } finally {
            System.setErr(before);
        }
        if (cpu) {
            err.println("dynamics: no usable GPU, the CPU computes" + cause(printed));
        }
    }

    private static String cause(ByteArrayOutputStream printed) {
        String first =
                printed.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("").trim();
        return first.isEmpty() ? "" : ": " + first;
    }
}
