package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code f(x·W + b)} // [M, nIn] to [M, nOut]. */
final class DenseRule extends LayerRule {
    private final Layer layer;
    private final LinearMap map;
    private final IActivation activation;
    private @Nullable INDArray preActivation;

    DenseRule(Layer layer, LayerNames names) {
        this.layer = layer;
        map = new LinearMap(layer, names);
        activation = ((BaseLayer) layer.conf().getLayer()).getActivationFn();
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        INDArray z = map.forward(input);
        Columns.mask(z, layer.getMaskArray());
        preActivation = z;
        INDArray output = activation.getActivation(z.dup(), false);
        Columns.mask(output, layer.getMaskArray());
        return output;
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray deltas = activation.backprop(Kept.from(preActivation), epsilon).getFirst();
        Columns.mask(deltas, layer.getMaskArray());
        return map.backward(deltas, pass, below);
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    void clear() {
        preActivation = null;
        map.clear();
        layer.clear();
    }
}
