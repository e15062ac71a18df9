package org.learningdynamics.influence;

/** What products of explicit gradients are made in, one parameter and one block after the other. */
final class BlockMemory implements AutoCloseable {
    private final ReusedArray observed = new ReusedArray();
    private final ReusedArray plain = new ReusedArray();
    private final ReusedArray learnt = new ReusedArray();
    private final ReusedArray scales = new ReusedArray();
    private final ReusedArray products = new ReusedArray();
    private final long most;
    private long left; // of what may be kept
    private long more; // kept besides

    /**
     * @param bytes in all; half of them for what is kept from one batch of observed rows to the
     *     next
     */
    BlockMemory(long bytes) {
        most = bytes;
        left = bytes / 2;
    }

    /** Bytes that may be taken in all. */
    long most() {
        return most;
    }

    /** Gradients of observed rows. */
    ReusedArray observed() {
        return observed;
    }

    /** Gradients of learnt rows, before the preconditioner. */
    ReusedArray plain() {
        return plain;
    }

    /** What observed rows are multiplied with. */
    ReusedArray learnt() {
        return learnt;
    }

    /** The preconditioner. */
    ReusedArray scales() {
        return scales;
    }

    /** Results. */
    ReusedArray products() {
        return products;
    }

    /** Whether there is room to keep an array, which then counts. */
    boolean keep(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    /** Counts what is kept whether there is room or not. */
    void holds(long bytes) {
        more += bytes;
    }

    /** Bytes that are held. */
    long bytes() {
        return observed.bytes()
                + plain.bytes()
                + learnt.bytes()
                + scales.bytes()
                + products.bytes()
                + more
                + most / 2
                - left;
    }

    @Override
    public void close() {
        observed.close();
        plain.close();
        learnt.close();
        scales.close();
        products.close();
    }
}
