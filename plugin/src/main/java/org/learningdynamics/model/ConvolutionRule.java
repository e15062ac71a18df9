package org.learningdynamics.model;

import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterMatrix;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution of images or of sequences: a linear map of patches. */
final class ConvolutionRule extends LayerRule {
    private final ConvolutionLayer layer;
    private final LayerNames names;
    private final IActivation activation;
    private final boolean images;
    private final boolean channelsFirst;
    private final ParameterMatrix parameter;
    private final INDArray weights; // images [oC, d], sequences [d, oC]
    private final @Nullable INDArray bias; // [1, oC]
    private @Nullable Window window;
    private @Nullable INDArray patches; // [N·P, d]
    private @Nullable INDArray preActivation; // [N·P, oC]
    private long[] shape = {}; // of the input, channels first // [4]

    private ConvolutionRule(ConvolutionLayer layer, LayerNames names, boolean images) {
        this.layer = layer;
        this.names = names;
        this.images = images;
        activation = layer.layerConf().getActivationFn();
        channelsFirst = !images || layer.layerConf().getCnn2dDataFormat() != CNN2DFormat.NHWC;
        String key = ConvolutionParamInitializer.WEIGHT_KEY;
        INDArray w = layer.getParam(key);
        bias = layer.paramTable().get(ConvolutionParamInitializer.BIAS_KEY);
        long outputs = w.size(0);
        long inputs = w.length() / outputs;
        int[] axes = images ? new int[] {1, 2, 3, 0} : new int[] {0, 1, 2};
        parameter = new ParameterMatrix(names.prefix() + key, names.layer(), inputs, outputs, axes);
        weights = images ? w.reshape('c', outputs, inputs) : w.reshape('c', inputs, outputs);
    }

    /** Weights {@code [oC, iC, kH, kW]}. */
    static ConvolutionRule ofImages(ConvolutionLayer layer, LayerNames names) {
        return new ConvolutionRule(layer, names, true);
    }

    /**
     * Weights that the host shapes {@code [oC, iC, k]} and reads as {@code [k, iC, oC]}; channels
     * before time.
     */
    static ConvolutionRule ofSequences(ConvolutionLayer layer, LayerNames names) {
        return new ConvolutionRule(layer, names, false);
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        INDArray x = channelsFirst(input.castTo(weights.dataType()));
        shape = x.shape().clone();
        window =
                images
                        ? Window.ofImages(layer.layerConf(), x)
                        : Window.ofSequences(layer.layerConf(), x);
        patches = window.patches(x);
        INDArray z =
                images
                        ? MatrixProducts.transposedRight(patches, weights)
                        : MatrixProducts.of(patches, weights);
        if (bias != null) {
            z.addiRowVector(bias);
        }
        preActivation = z;
        INDArray y = activation.getActivation(z.dup(), false);
        return host(Images.fromColumns(y, outShape(y), channelsFirst));
    }

    private INDArray channelsFirst(INDArray input) {
        if (!images) {
            return input.dup('c').reshape('c', input.size(0), input.size(1), input.size(2), 1);
        }
        return channelsFirst ? input : input.permute(0, 3, 1, 2).dup('c');
    }

    private long[] outShape(INDArray y) {
        int[] out = Kept.from(window).out();
        return channelsFirst
                ? new long[] {shape[0], y.size(1), out[0], out[1]}
                : new long[] {shape[0], out[0], out[1], y.size(1)};
    }

    /** Takes the last dimension off where the host has none. */
    private INDArray host(INDArray array) {
        return images ? array : array.reshape('c', array.size(0), array.size(1), array.size(2));
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray above =
                images
                        ? epsilon
                        : epsilon.dup('c')
                                .reshape('c', epsilon.size(0), epsilon.size(1), epsilon.size(2), 1);
        INDArray deltas =
                activation
                        .backprop(Kept.from(preActivation), Images.toColumns(above, channelsFirst))
                        .getFirst();
        Function<INDArray, INDArray> byExample = array -> Images.byExample(array, above);
        RowFactors factors = pass.factors();
        factors.addOuter(parameter, byExample.apply(Kept.from(patches)), byExample.apply(deltas));
        if (bias != null) {
            String key = ConvolutionParamInitializer.BIAS_KEY;
            factors.addSums(names.vector(key, bias), byExample.apply(deltas));
        }
        return below ? Optional.of(below(deltas)) : Optional.empty();
    }

    private INDArray below(INDArray deltas) {
        INDArray back =
                images
                        ? MatrixProducts.of(deltas, weights)
                        : MatrixProducts.transposedRight(deltas, weights);
        INDArray folded = Kept.from(window).fold(back, shape);
        return host(channelsFirst ? folded : folded.permute(0, 2, 3, 1));
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    void clear() {
        window = null;
        patches = null;
        preActivation = null;
        layer.clear();
    }
}
