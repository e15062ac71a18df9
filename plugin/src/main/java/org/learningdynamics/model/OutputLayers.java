package org.learningdynamics.model;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.SoftmaxLogits;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Decides which DL4J output layers give class logits, and lets them out. */
final class OutputLayers {
    private static final String RULE =
            "must be an OutputLayer, RnnOutputLayer, CenterLossOutputLayer, LossLayer or"
                    + " RnnLossLayer with softmax over at least 2 classes, or with one sigmoid, or"
                    + " with a loss on the logits of a softmax";

    private OutputLayers() {}

    /** The layer's own name, else the given one. */
    static String name(Layer layer, String otherwise) {
        return layer.getLayerName() == null ? otherwise : layer.getLayerName();
    }

    /**
     * Takes the activation function off a configuration's output layer.
     *
     * @param layer the last layer of a configuration that no other network uses
     * @param name the layer's name for messages
     * @throws IllegalArgumentException if the layer's output is not that of a classifier
     */
    static void removeActivation(Layer layer, String name) {
        if (!(layer instanceof BaseLayer base) || !isOutput(layer)) {
            throw refuse(name, layer.getClass().getSimpleName());
        }
        long outputs = isLossOnly(layer) ? -1 : ((FeedForwardLayer) layer).getNOut();
        IActivation activation = base.getActivationFn();
        boolean softmax = activation instanceof ActivationSoftmax && outputs != 1;
        boolean oneSigmoid = activation instanceof ActivationSigmoid && outputs == 1;
        boolean logits = lossFunction(layer) instanceof SoftmaxLogits && outputs != 1;
        boolean identity = logits && activation instanceof ActivationIdentity;
        if (!softmax && !oneSigmoid && !identity) {
            throw refuse(
                    name,
                    layer.getClass().getSimpleName()
                            + " with "
                            + activation
                            + (outputs < 0 ? "" : " over " + outputs + " outputs"));
        }
        base.setActivationFn(new ActivationIdentity());
    }

    private static @Nullable ILossFunction lossFunction(Layer layer) {
        if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn();
        } else if (layer instanceof RnnLossLayer output) {
            return output.getLossFn();
        }
        return ((LossLayer) layer).getLossFn();
    }

    private static boolean isOutput(Layer layer) {
        return layer instanceof BaseOutputLayer || isLossOnly(layer);
    }

    private static boolean isLossOnly(Layer layer) {
        return layer instanceof LossLayer || layer instanceof RnnLossLayer;
    }

    static IllegalArgumentException refuse(String name, String got) {
        return new IllegalArgumentException("layer \"" + name + "\" " + RULE + ", got " + got);
    }
}
