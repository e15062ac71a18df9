package org.learningdynamics.recording;

import java.io.Serializable;
import java.util.List;

/**
 * Which example of the batch moved which response at one recording, and what is behind it.
 *
 * @param residuals one row a learnt response of the batch
 * @param influences matrices of examples and responses, by layer and part
 * @param tokenInfluences influences on single observed tokens, empty unless asked for
 * @param shifts predicted and actual change of every response
 * @param kernels numbers about the kernel
 * @param kernelBlocks whole blocks of the kernel, empty unless asked for
 */
public record Interactions(
        List<ResidualRow> residuals,
        List<InfluenceBlock> influences,
        List<TokenInfluenceRow> tokenInfluences,
        List<ShiftRow> shifts,
        List<KernelRow> kernels,
        List<KernelBlock> kernelBlocks)
        implements Serializable {
    /** Nothing measured. */
    public static final Interactions NONE =
            new Interactions(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * Copies the lists and checks that all matrices are about the same batch.
     *
     * @param residuals one row a learnt response of the batch
     * @param influences matrices of examples and responses
     * @param tokenInfluences influences on single observed tokens
     * @param shifts predicted and actual change of every response
     * @param kernels numbers about the kernel
     * @param kernelBlocks whole blocks of the kernel
     * @throws IllegalArgumentException if matrices differ in the number of examples or responses
     */
    public Interactions {
        residuals = List.copyOf(residuals);
        influences = List.copyOf(influences);
        tokenInfluences = List.copyOf(tokenInfluences);
        shifts = List.copyOf(shifts);
        kernels = List.copyOf(kernels);
        kernelBlocks = List.copyOf(kernelBlocks);
        if (!influences.isEmpty()) {
            InfluenceBlock first = influences.get(0);
            for (InfluenceBlock block : influences) {
                requireSame("responses", first.responses(), block.responses());
                requireSame("examples", first.examples(), block.examples());
            }
            tokenInfluences.forEach(
                    row -> requireSame("examples", first.examples(), row.examples()));
        }
    }

    private static void requireSame(String axis, int expected, int got) {
        if (expected != got) {
            throw new IllegalArgumentException(
                    "influences of a recording must have the same "
                            + axis
                            + ", got "
                            + expected
                            + " and "
                            + got);
        }
    }

    void requireStep(long step) {
        residuals.forEach(row -> Checks.sameStep("residuals", step, row.step()));
        influences.forEach(row -> Checks.sameStep("influences", step, row.step()));
        tokenInfluences.forEach(row -> Checks.sameStep("tokenInfluences", step, row.step()));
        shifts.forEach(row -> Checks.sameStep("shifts", step, row.step()));
        kernels.forEach(row -> Checks.sameStep("kernels", step, row.step()));
        kernelBlocks.forEach(row -> Checks.sameStep("kernelBlocks", step, row.step()));
    }

    /** The number of table rows. */
    long rows() {
        return (long) residuals.size()
                + influences.size()
                + tokenInfluences.size()
                + shifts.size()
                + kernels.size()
                + kernelBlocks.size();
    }

    /** The number of values in matrices. */
    long matrixValues() {
        long values = 0;
        for (InfluenceBlock block : influences) {
            values += (long) block.examples() * block.responses();
        }
        for (TokenInfluenceRow row : tokenInfluences) {
            values += row.examples();
        }
        for (KernelBlock block : kernelBlocks) {
            values += (long) block.classes() * block.classes();
        }
        return values;
    }
}
