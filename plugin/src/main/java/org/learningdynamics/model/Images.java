package org.learningdynamics.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images as matrices with a row for each pixel, those of an image together; matrices stay. */
final class Images {
    private Images() {}

    /** {@code [N, C, H, W]} or {@code [N, H, W, C]} to {@code [N·H·W, C]}, row-major. */
    static INDArray toColumns(INDArray images, boolean channelsFirst) {
        if (images.rank() == 2) {
            return images;
        } else if (images.rank() != 4) {
            throw new IllegalArgumentException(
                    "input must have rank 2 or 4, got shape " + Arrays.toString(images.shape()));
        }
        INDArray last = channelsFirst ? images.permute(0, 2, 3, 1) : images;
        long channels = last.size(3);
        return last.dup('c').reshape('c', images.length() / channels, channels);
    }

    /** Back // [N·H·W, C] to the shape, row-major. */
    static INDArray fromColumns(INDArray columns, long[] shape, boolean channelsFirst) {
        if (shape.length == 2) {
            return columns;
        } else if (!channelsFirst) {
            return columns.dup('c').reshape('c', shape);
        }
        return columns.dup('c')
                .reshape('c', shape[0], shape[2], shape[3], shape[1])
                .permute(0, 3, 1, 2)
                .dup('c');
    }

    /** Puts the pixels of each image in a matrix of their own // [N·P, C] to [N, P, C]. */
    static INDArray byExample(INDArray columns, INDArray images) {
        if (images.rank() == 2) {
            return columns;
        }
        long rows = images.size(0);
        return columns.reshape('c', rows, columns.size(0) / rows, columns.size(1));
    }
}
