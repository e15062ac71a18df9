package org.learningdynamics.recording;

/**
 * How many rows a run file has in each table about interactions; all 0 in files of format version
 * 1, which lack these tables.
 *
 * @param residuals learnt responses of batches
 * @param influences influence matrices
 * @param tokenInfluences influences on single tokens
 * @param shifts predicted and actual changes
 * @param kernels numbers about the kernel
 * @param kernelBlocks blocks of the kernel
 * @param attributions accumulated influences
 */
public record InteractionCounts(
        long residuals,
        long influences,
        long tokenInfluences,
        long shifts,
        long kernels,
        long kernelBlocks,
        long attributions) {
    /** No rows. */
    public static final InteractionCounts NONE = new InteractionCounts(0, 0, 0, 0, 0, 0, 0);
}
