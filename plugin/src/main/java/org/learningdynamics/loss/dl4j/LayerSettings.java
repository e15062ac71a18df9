package org.learningdynamics.loss.dl4j;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Turns a layer's configuration into its objective, or says what is wrong with it. */
final class LayerSettings {
    private LayerSettings() {}

    static ResponseObjective objective(
            ILossFunction loss,
            IActivation activation,
            @Nullable RNNFormat format,
            DataType networkType) {
        if (!(loss instanceof ResponseLossFunction response)) {
            throw new IllegalArgumentException(
                    "a response layer's loss must be a ResponseLossFunction, got " + loss);
        }
        OneHotLoss.requireActivation(activation);
        if (networkType != DataType.FLOAT && networkType != DataType.DOUBLE) {
            throw new IllegalArgumentException(
                    "network data type must be FLOAT or DOUBLE, got " + networkType);
        }
        return new ResponseObjective(response.loss(), format == null ? RNNFormat.NCW : format);
    }
}
