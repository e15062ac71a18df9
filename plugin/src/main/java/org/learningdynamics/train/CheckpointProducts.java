package org.learningdynamics.train;

import org.learningdynamics.influence.RowGradients;

/** Inner products of a checkpoint's gradients, of any block of examples with all probe rows. */
interface CheckpointProducts extends AutoCloseable {
    /** Products of a block, whose gradients are closed here. */
    BlockProducts of(RowGradients examples);

    @Override
    void close();
}
