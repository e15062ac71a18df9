package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.layers.convolution.Convolution1DLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.layers.feedforward.embedding.EmbeddingLayer;
import org.deeplearning4j.nn.layers.feedforward.embedding.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.deeplearning4j.nn.layers.recurrent.LastTimeStepLayer;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.deeplearning4j.nn.layers.recurrent.SimpleRnn;

/** Finds the rule of each layer of a network, and notes which have none. */
final class LayerRules {
    private final List<String> fallbacks = new ArrayList<>();

    LayerRule of(Layer layer, LayerNames names) {
        if (layer instanceof FrozenLayer frozen) {
            return FrozenRule.ending(of(frozen.getInsideLayer(), names));
        } else if (layer instanceof FrozenLayerWithBackprop frozen) {
            return FrozenRule.passing(of(frozen.getInsideLayer(), names));
        } else if (layer instanceof IOutputLayer output) {
            return output(output, names);
        } else if (withoutParameters(layer)) {
            return new PlainRule(layer);
        }
        return withParameters(layer, names);
    }

    private static boolean withoutParameters(Layer layer) {
        return layer.conf().getLayer().initializer().numParams(layer.conf()) == 0;
    }

    private static LayerRule output(IOutputLayer layer, LayerNames names) {
        if (withoutParameters(layer)) {
            return new LossRule(layer);
        }
        boolean dense = layer.getClass() == OutputLayer.class || layer instanceof RnnOutputLayer;
        if (dense) {
            return new DenseOutputRule(layer, names);
        }
        throw new IllegalArgumentException(
                "output layer \""
                        + names.layer()
                        + "\" must be an OutputLayer, an RnnOutputLayer or one without parameters,"
                        + " got "
                        + kind(layer));
    }

    private LayerRule withParameters(Layer layer, LayerNames names) {
        if (layer instanceof DenseLayer dense && !dense.hasLayerNorm()) {
            return new DenseRule(dense, names);
        } else if (layer instanceof EmbeddingLayer || layer instanceof EmbeddingSequenceLayer) {
            return new EmbeddingRule(layer, names);
        } else if (layer instanceof BatchNormalization norm) {
            return new BatchNormRule(norm, names);
        } else if (layer instanceof LSTM lstm) {
            return new LstmRule(lstm, names);
        } else if (layer instanceof SimpleRnn rnn && !rnn.hasLayerNorm()) {
            return new SimpleRnnRule(rnn, names);
        } else if (layer instanceof LastTimeStepLayer last) {
            return new LastTimeStepRule(last, of(last.getUnderlying(), names));
        } else if (layer.getClass() == ConvolutionLayer.class) {
            return ConvolutionRule.ofImages((ConvolutionLayer) layer, names);
        } else if (layer instanceof Convolution1DLayer line
                && line.layerConf().getRnnDataFormat() == RNNFormat.NCW) {
            return ConvolutionRule.ofSequences(line, names);
        }
        fallbacks.add(
                String.format(
                        "layer \"%s\" (%s) has no rule: differentiated row by row",
                        names.layer(), kind(layer)));
        return new RowByRowRule(layer, names);
    }

    private static String kind(Layer layer) {
        return layer.conf().getLayer().getClass().getSimpleName();
    }

    /** Sentences on the layers that have no rule. */
    List<String> fallbacks() {
        return List.copyOf(fallbacks);
    }
}
