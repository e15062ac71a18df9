package org.learningdynamics.loss.dl4j;

import java.util.Map;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.LogitResiduals;
import org.learningdynamics.measure.UpdateMetrics;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@link ResponseOutputLayer} configures. Forward passes are those of DL4J's RnnOutputLayer;
 * score and gradients are computed at the response tokens alone.
 */
final class DenseResponseLayer extends RnnOutputLayer implements UpdateMetrics, LogitResiduals {
    private static final long serialVersionUID = 1;

    private final transient ResponseObjective objective;
    private @Nullable INDArray tokenMask; // [rows, T]

    DenseResponseLayer(
            NeuralNetConfiguration conf, DataType dataType, ResponseObjective objective) {
        super(conf, dataType);
        this.objective = objective;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        objective.forgetScore();
    }

    @Override
    public void setMaskArray(@Nullable INDArray maskArray) {
        super.setMaskArray(maskArray);
        tokenMask = maskArray;
    }

    /** The features' mask stands in until the labels' own comes, if it does. */
    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, @Nullable MaskState state, int minibatchSize) {
        tokenMask = mask;
        return super.feedForwardMaskArray(mask, state, minibatchSize);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            @Nullable INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        ResponseTokens tokens = tokens();
        INDArray x = inputs(tokens, true, workspaceMgr);
        ResponseEvaluation evaluation = objective.evaluate(tokens, logits(x, true, workspaceMgr));
        INDArray delta = evaluation.residual(factor());
        INDArray w = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaceMgr);
        INDArray features = backpropDropOutIfPresent(delta.mmul(w.transpose()));
        INDArray below =
                workspaceMgr.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, w.dataType(), input.shape(), 'f');
        below.assign(objective.channelsFirst(tokens.scatter(features)));
        Gradient result = gradients(x, delta);
        objective.computed(evaluation);
        weightNoiseParams.clear();
        return new Pair<>(result, below);
    }

    private double factor() {
        return conf().isMiniBatch() ? getInputMiniBatchSize() : 1;
    }

    @Override
    public INDArray residuals(INDArray logits) {
        ResponseTokens tokens = tokens();
        INDArray some = tokens.gather(objective.channelsFirst(logits));
        INDArray residual = objective.evaluate(tokens, some).residual(factor());
        return objective.channelsFirst(tokens.scatter(residual));
    }

    private Gradient gradients(INDArray x, INDArray delta) {
        Gradient result = new DefaultGradient();
        INDArray weights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Nd4j.gemm(x, delta, weights, true, false, 1, 0);
        result.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
        if (hasBias()) {
            INDArray bias = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
            delta.sum(bias, 0);
            result.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
        }
        return result;
    }

    /** The host calls this once after each update, with constraints or without. */
    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        objective.updated();
    }

    @Override
    public double computeScore(
            double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
        OptionalDouble known = objective.takeScoreOfUpdate();
        score =
                fullNetRegTerm
                        + (training && known.isPresent()
                                ? known.getAsDouble()
                                : evaluate(training, workspaceMgr).value());
        return score;
    }

    /**
     * The loss of each row; both rows of a pair have the pair's and mismatched rows 0. Scaled where
     * there are mismatched rows, so that the mean over all rows is the loss of the batch.
     */
    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
        return ResponseObjective.column(
                evaluate(false, workspaceMgr).perRow(), fullNetRegTerm, workspaceMgr);
    }

    private ResponseEvaluation evaluate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        ResponseTokens tokens = tokens();
        INDArray x = inputs(tokens, training, workspaceMgr);
        return objective.evaluate(tokens, logits(x, training, workspaceMgr));
    }

    private ResponseTokens tokens() {
        int classes = Math.toIntExact(layerConf().getNOut());
        return ResponseTokens.read(getLabels(), tokenMask, input, objective.format(), classes);
    }

    /** The layer's inputs at the response tokens, with dropout while training // [N, nIn]. */
    private INDArray inputs(
            ResponseTokens tokens, boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray whole = input;
        try {
            input = tokens.gather(objective.channelsFirst(whole)).castTo(dataType);
            applyDropOutIfNecessary(training, workspaceMgr);
            return input;
        } finally {
            input = whole;
        }
    }

    private INDArray logits(INDArray x, boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray w = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr);
        INDArray logits = x.mmul(w);
        if (hasBias()) {
            logits.addiRowVector(
                    getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaceMgr));
        }
        return logits;
    }

    @Override
    public Map<String, Double> updateMetrics() {
        return objective.metrics();
    }

    @Override
    public void clear() {
        super.clear();
        tokenMask = null;
        objective.forgetScore();
    }
}
