package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * The kernel K between a probe and an example of the batch at one recording of a classifier. Values
 * may be NaN; an event of the recording counts them.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param position the example's place in the batch, from 0
 * @param values inner products of the gradients of the probe's logits (rows) and the example's
 *     (columns) // [classes, classes]
 */
public record KernelBlock(long step, int probe, int position, FloatMatrix values)
        implements Serializable {
    /**
     * Checks the values.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param position the example's place in the batch, from 0
     * @param values inner products of the gradients of the probe's logits (rows) and the example's
     *     (columns) // [classes, classes]
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public KernelBlock {
        Checks.atLeast("step", 0, step);
        Checks.atLeast("position", 0, position);
        if (values.rows() != values.columns()) {
            throw new IllegalArgumentException("values must be square, got " + values);
        }
    }

    /**
     * The number of classes.
     *
     * @return rows and columns of the block
     */
    public int classes() {
        return values.rows();
    }
}
