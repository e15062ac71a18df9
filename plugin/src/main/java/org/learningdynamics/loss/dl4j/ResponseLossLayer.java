package org.learningdynamics.loss.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.learningdynamics.loss.Loss;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link ResponseOutputLayer} without weights: its input {@code [B, V, T]} (NCW; {@code [B, T, V]}
 * in NWC) is the logits. For heads of another kind, such as one with tied weights.
 *
 * <p>Loss, labels, masks, scaling, state, metrics, errors and saving are those of {@link
 * ResponseOutputLayer}.
 */
public final class ResponseLossLayer extends RnnLossLayer {
    private static final long serialVersionUID = 1;

    /** For reading JSON. */
    private ResponseLossLayer() {}

    private ResponseLossLayer(Builder builder) {
        setLayerName(builder.getLayerName());
        setActivationFn(builder.getActivationFn());
        setLossFn(builder.getLossFn());
        setRnnDataFormat(builder.format);
    }

    /**
     * Starts with the loss.
     *
     * @param loss any loss of {@link org.learningdynamics.loss.Losses}
     * @return a builder
     */
    public static Builder builder(Loss loss) {
        return new Builder(loss);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        ResponseObjective objective =
                LayerSettings.objective(
                        getLossFn(), getActivationFn(), getRnnDataFormat(), networkDataType);
        PlainResponseLayer layer = new PlainResponseLayer(conf, networkDataType, objective);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        return layer;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof ResponseLossLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResponseLossLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Collects the settings of a {@link ResponseLossLayer}, as the host's builders do. */
    @SuppressWarnings("unchecked") // build() has the host\'s signature
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private RNNFormat format = RNNFormat.NCW;

        private Builder(Loss loss) {
            setLossFn(ResponseLossFunction.of(loss));
            setActivationFn(new ActivationSoftmax());
        }

        /**
         * The order of dimensions.
         *
         * @param rnnDataFormat NCW by default
         * @return this builder
         */
        public Builder dataFormat(RNNFormat rnnDataFormat) {
            this.format = rnnDataFormat;
            return this;
        }

        @Override
        public ResponseLossLayer build() {
            return new ResponseLossLayer(this);
        }
    }
}
