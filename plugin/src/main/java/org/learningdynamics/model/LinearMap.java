package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code x·W + b} with the parameters of a layer. */
final class LinearMap {
    private final ParameterMatrix weightNames;
    private final INDArray weights;
    private final @Nullable INDArray bias;
    private final LayerNames names;
    private @Nullable INDArray input;

    LinearMap(Layer layer, LayerNames names) {
        this.names = names;
        weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        bias = layer.paramTable().get(DefaultParamInitializer.BIAS_KEY);
        weightNames = names.matrix(DefaultParamInitializer.WEIGHT_KEY, weights);
    }

    INDArray forward(INDArray x) {
        if (x.rank() != 2 || x.size(1) != weights.size(0)) {
            throw new IllegalArgumentException(
                    "input of layer \""
                            + names.layer()
                            + "\" must have shape [N, "
                            + weights.size(0)
                            + "], got "
                            + Arrays.toString(x.shape()));
        }
        input = x.castTo(weights.dataType());
        INDArray z = MatrixProducts.of(input, weights);
        if (bias != null) {
            z.addiRowVector(bias);
        }
        return z;
    }

    Optional<INDArray> backward(INDArray deltas, Pass pass, boolean below) {
        pass.factors().addOuter(weightNames, Kept.from(input), deltas);
        if (bias != null) {
            pass.factors().addSums(names.vector(DefaultParamInitializer.BIAS_KEY, bias), deltas);
        }
        return below
                ? Optional.of(MatrixProducts.transposedRight(deltas, weights))
                : Optional.empty();
    }

    void clear() {
        input = null;
    }
}
