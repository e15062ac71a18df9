package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@code γ·(x − μ)/√(v + ε) + β} with running statistics μ, v // [N, C] or images.
 *
 * <p>The running statistics are no parameters that gradients train.
 */
final class BatchNormRule extends LayerRule {
    private final BatchNormalization layer;
    private final LayerNames names;
    private final boolean locked;
    private final boolean channelsFirst;
    private @Nullable INDArray normalized; // [N·P, C]
    private @Nullable INDArray slope; // γ/√(v + ε) // [1, C]

    BatchNormRule(BatchNormalization layer, LayerNames names) {
        this.layer = layer;
        this.names = names;
        locked = layer.layerConf().isLockGammaBeta();
        channelsFirst = layer.layerConf().getCnn2DFormat() != CNN2DFormat.NHWC;
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        INDArray x = Images.toColumns(input, channelsFirst);
        INDArray mean = row(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN));
        INDArray scale = Transforms.pow(variance().add(layer.layerConf().getEps()), -0.5);
        INDArray hat = x.subRowVector(mean).muliRowVector(scale);
        normalized = hat;
        if (locked) {
            slope = scale.mul(layer.layerConf().getGamma());
            INDArray y = hat.mul(layer.layerConf().getGamma()).addi(layer.layerConf().getBeta());
            return Images.fromColumns(y, input.shape(), channelsFirst);
        }
        INDArray gamma = row(layer.getParam(BatchNormalizationParamInitializer.GAMMA));
        INDArray beta = row(layer.getParam(BatchNormalizationParamInitializer.BETA));
        slope = scale.mul(gamma);
        INDArray y = hat.mulRowVector(gamma).addiRowVector(beta);
        return Images.fromColumns(y, input.shape(), channelsFirst);
    }

    private INDArray variance() {
        if (!layer.layerConf().isUseLogStd()) {
            return row(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_VAR));
        }
        INDArray log10 = row(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_LOG_STD));
        return Transforms.exp(log10.mul(2 * Math.log(10)));
    }

    private static INDArray row(INDArray values) {
        return values.reshape('c', 1, values.length());
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray above = Images.toColumns(epsilon, channelsFirst);
        INDArray hat = Kept.from(normalized);
        if (!locked) {
            String gain = BatchNormalizationParamInitializer.GAMMA;
            String shift = BatchNormalizationParamInitializer.BETA;
            RowFactors factors = pass.factors();
            factors.addSums(
                    names.vector(gain, layer.getParam(gain)),
                    Images.byExample(above.mul(hat), epsilon));
            factors.addSums(
                    names.vector(shift, layer.getParam(shift)), Images.byExample(above, epsilon));
        }
        INDArray gradient = above.mulRowVector(Kept.from(slope));
        return Optional.of(Images.fromColumns(gradient, epsilon.shape(), channelsFirst));
    }

    @Override
    boolean hasParameters() {
        return !locked;
    }

    @Override
    void clear() {
        normalized = null;
        slope = null;
        layer.clear();
    }
}
