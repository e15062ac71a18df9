package org.learningdynamics.influence;

import java.util.List;
import org.learningdynamics.influence.BlockProducts.Rows;

/**
 * What the explicit gradients of observed rows with respect to one parameter are multiplied with:
 * the gradients of learnt rows, preconditioned if asked for, and the parts of the update.
 */
interface LearntSide extends AutoCloseable {
    /** Learnt rows. */
    int rows();

    /** The parts of the update. */
    List<UpdatePart> parts();

    /** Learnt rows and parts. */
    default int count() {
        return rows() + parts().size();
    }

    /** Values that are in memory for one value of a block, besides what is kept. */
    int held();

    /**
     * Makes what belongs to a block, or takes it from what is kept.
     *
     * @param keeps whether other batches are to be expected
     */
    void enter(GradientBlock block, boolean keeps);

    /**
     * Multiplies rows with the block that was entered last.
     *
     * @param observed [m, size]
     * @return products with learnt rows and then with parts // [m·count]
     */
    double[] products(Rows observed);

    /** Adds the learnt rows' products with each other in the block that was entered last. */
    void addTo(LearntSums sums, GradientBlock block);

    @Override
    void close();
}
