package org.learningdynamics.update;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.update.ObservedStep.Clipping;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What each layer's gradient normalisation makes of one batch's gradients, after DL4J divided them
 * by the batch. A layer's norm is over all that it keeps in its gradient array, batch
 * normalisation's running statistics included.
 */
final class LayerClipping {
    /** What DL4J divides by in place of a norm of zero. */
    private static final double INSTEAD_OF_ZERO = 1e-5;

    private final IdentityHashMap<Trainable, Double> squaresOfLayer = new IdentityHashMap<>();

    /**
     * Reads the norms off the network's gradients.
     *
     * @param all every parameter that the update reaches
     * @param batch what DL4J divides gradients by
     */
    LayerClipping(List<NetworkParameter> all, double batch) {
        for (NetworkParameter parameter : all) {
            if (isByLayer(normalization(parameter))) {
                double norm = parameter.gradient().norm2Number().doubleValue();
                double mean = parameter.isStatistic() ? norm : norm / batch;
                squaresOfLayer.merge(parameter.layer(), mean * mean, Double::sum);
            }
        }
    }

    private static boolean isByLayer(GradientNormalization kind) {
        return kind == GradientNormalization.RenormalizeL2PerLayer
                || kind == GradientNormalization.ClipL2PerLayer;
    }

    private static GradientNormalization normalization(NetworkParameter parameter) {
        @Nullable GradientNormalization kind =
                parameter.layer().getConfig().getGradientNormalization();
        return kind == null ? GradientNormalization.None : kind;
    }

    /**
     * What happens to one parameter's gradient.
     *
     * @param gradient its mean over the batch
     */
    Clipping of(NetworkParameter parameter, INDArray gradient) {
        double threshold = parameter.layer().getConfig().getGradientNormalizationThreshold();
        return switch (normalization(parameter)) {
            case None -> Clipping.NONE;
            case RenormalizeL2PerLayer -> renormalized(ofLayer(parameter));
            case RenormalizeL2PerParamType -> renormalized(norm(gradient));
            case ClipL2PerLayer -> clipped(ofLayer(parameter), threshold);
            case ClipL2PerParamType -> clipped(norm(gradient), threshold);
            case ClipElementWiseAbsoluteValue -> byValue(gradient, threshold);
        };
    }

    private double ofLayer(NetworkParameter parameter) {
        return Math.sqrt(squaresOfLayer.getOrDefault(parameter.layer(), 0.));
    }

    private static double norm(INDArray gradient) {
        return gradient.norm2Number().doubleValue();
    }

    private static Clipping renormalized(double norm) {
        return new Clipping(1 / (norm == 0 ? INSTEAD_OF_ZERO : norm), Optional.empty());
    }

    private static Clipping clipped(double norm, double threshold) {
        return norm > threshold ? new Clipping(threshold / norm, Optional.empty()) : Clipping.NONE;
    }

    /** {@code τ / max(|g|, τ)}: exactly 1 up to the threshold. */
    private static Clipping byValue(INDArray gradient, double threshold) {
        if (threshold == 0) {
            return new Clipping(1, Optional.of(Nd4j.zerosLike(gradient)));
        }
        INDArray larger = Transforms.abs(gradient, true);
        return new Clipping(
                1, Optional.of(Transforms.max(larger, threshold, false).rdivi(threshold)));
    }
}
