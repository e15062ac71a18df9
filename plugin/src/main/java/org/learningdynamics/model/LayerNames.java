package org.learningdynamics.model;

import org.learningdynamics.influence.ParameterMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of one layer of the host.
 *
 * @param prefix what the host puts before a parameter's key, such as {@code 0_}
 * @param layer the layer's name, else its index
 */
record LayerNames(String prefix, String layer) {
    /** A weight matrix that multiplies row vectors from the right. */
    ParameterMatrix matrix(String key, INDArray weights) {
        return ParameterMatrix.of(prefix + key, layer, weights.size(0), weights.size(1));
    }

    /** A bias or gain, or anything without a form of its own. */
    ParameterMatrix vector(String key, INDArray values) {
        return ParameterMatrix.vector(prefix + key, layer, values.shape());
    }

    /** A layer inside this one, whose keys the host lengthens. */
    LayerNames inside(String key) {
        return new LayerNames(prefix + key, layer);
    }
}
