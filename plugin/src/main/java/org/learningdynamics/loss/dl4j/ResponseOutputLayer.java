package org.learningdynamics.loss.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.learningdynamics.loss.Loss;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer for language models in Deeplearning4j that trains on whole responses with any
 * loss of {@link org.learningdynamics.loss.Losses}: SFT, DPO and their kin.
 *
 * <p>A dense head {@code z = W·h + b} at every position of {@code [B, nIn, T]} (NCW; {@code [B, T,
 * nIn]} in NWC), with softmax (the default) or identity as activation; logits {@code [B, nOut, T]}.
 * Parameters are laid out as in DL4J's {@code RnnOutputLayer}, so that the parameters of a network
 * with one can be set into a network with the other. Labels: {@link ResponseLabels}, made by {@link
 * ResponseBatch}. A position counts where the token id is not negative and the label mask, else the
 * features' mask, is not 0; prompt and padding cost no logits. For a pairwise loss the batch holds
 * P chosen rows, then the P rejected ones in the same order; for {@code kto} labelled rows and
 * mismatched ones ({@link ResponseBatch#ofLabelled}).
 *
 * <p>Score and step are those of the loss as defined, a mean over pairs, rows or tokens: with
 * {@code ℓ} the loss and {@code c = ∂ℓ/∂log π(y)} the gradient at the logits of a response token is
 * {@code c·(e_y − π)}, and the layer multiplies by the B rows that the host will divide by, unless
 * the network was built with {@code miniBatch(false)}. Regularisation, dropout, weight noise and
 * constraints work as in other layers. After each update the metrics of {@link
 * org.learningdynamics.loss.LossMetrics} can be read from the layer ({@link
 * org.learningdynamics.measure.UpdateMetrics}); {@code DynamicsListener} records them.
 *
 * <p>{@code bco} compares rewards with their running mean δ, a {@link
 * org.learningdynamics.loss.RewardShift} that each network keeps for itself. It is 0 at first and
 * takes in the mean reward of a batch, as before the update, once the update is made: scores,
 * outputs and gradients asked for without an update leave it as it is, and a network's copies and
 * shadows have their own. The host tells a layer of an update by applying constraints, which {@code
 * fit} does; a training loop of one's own must call {@code applyConstraints} after each update. δ
 * is not saved: a network that was read, cloned or made anew starts again at 0.
 *
 * <p>Errors while training name the row: no response token, rows that are no pair, a missing
 * reference, no mismatched row for kto, a token id outside the vocabulary, logits that are not
 * finite. Truncated backpropagation through time is refused at the first update that would cut a
 * response, because the host does not show a layer its network's configuration. Network data type
 * FLOAT or DOUBLE.
 *
 * <p>Cost: head and loss on N response tokens: {@code N·nIn·V} multiplications three times and six
 * arrays {@code [N, V]}. Saved with the network as JSON, loss and parameters by name.
 */
public final class ResponseOutputLayer extends RnnOutputLayer {
    private static final long serialVersionUID = 1;

    /** For reading JSON. */
    private ResponseOutputLayer() {}

    private ResponseOutputLayer(Builder builder) {
        setLayerName(builder.getLayerName());
        setActivationFn(builder.getActivationFn());
        setWeightInitFn(builder.getWeightInitFn());
        setBiasInit(builder.getBiasInit());
        setGainInit(builder.getGainInit());
        setRegularization(builder.getRegularization());
        setRegularizationBias(builder.getRegularizationBias());
        setIUpdater(builder.getIupdater());
        setBiasUpdater(builder.getBiasUpdater());
        setGradientNormalization(builder.getGradientNormalization());
        setGradientNormalizationThreshold(builder.getGradientNormalizationThreshold());
        setWeightNoise(builder.getWeightNoise());
        setNIn(builder.getNIn());
        setNOut(builder.getNOut());
        setLossFn(builder.getLossFn());
        setHasBias(builder.isHasBias());
        setRnnDataFormat(builder.format);
        initializeConstraints(builder);
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
        LayerValidation.assertNInNOutSet(
                "ResponseOutputLayer", getLayerName(), layerIndex, getNIn(), getNOut());
        ResponseObjective objective =
                LayerSettings.objective(
                        getLossFn(), getActivationFn(), getRnnDataFormat(), networkDataType);
        DenseResponseLayer layer = new DenseResponseLayer(conf, networkDataType, objective);
        layer.setListeners(trainingListeners);
        layer.setIndex(layerIndex);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        return layer;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof ResponseOutputLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResponseOutputLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Collects the settings of a {@link ResponseOutputLayer}, as the host's builders do. */
    @SuppressWarnings("unchecked") // build() has the host\'s signature
    public static final class Builder
            extends org.deeplearning4j.nn.conf.layers.BaseOutputLayer.Builder<Builder> {
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
        public ResponseOutputLayer build() {
            return new ResponseOutputLayer(this);
        }
    }
}
