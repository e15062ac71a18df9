package org.learningdynamics.loss.dl4j;

import java.util.Map;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.UpdateMetrics;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link ResponseLossLayer} configures: its input is the logits. */
final class PlainResponseLayer extends RnnLossLayer implements UpdateMetrics {
    private static final long serialVersionUID = 1;

    private final transient ResponseObjective objective;

    PlainResponseLayer(
            NeuralNetConfiguration conf, DataType dataType, ResponseObjective objective) {
        super(conf, dataType);
        this.objective = objective;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        super.setInput(input, workspaceMgr);
        objective.forgetScore();
    }

    /** The features' mask stands in until the labels' own comes, if it does. */
    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, @Nullable MaskState state, int minibatchSize) {
        setMaskArray(mask);
        return null;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            @Nullable INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        ResponseTokens tokens = tokens();
        ResponseEvaluation evaluation = evaluate(tokens);
        double factor = conf().isMiniBatch() ? getInputMiniBatchSize() : 1;
        INDArray residual = tokens.scatter(evaluation.residual(factor));
        INDArray below =
                workspaceMgr.createUninitialized(
                        ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'f');
        below.assign(objective.channelsFirst(residual));
        objective.computed(evaluation);
        return new Pair<>(new DefaultGradient(), below);
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
                                : evaluate(tokens()).value());
        return score;
    }

    /** As in {@link DenseResponseLayer}. */
    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
        return ResponseObjective.column(evaluate(tokens()).perRow(), fullNetRegTerm, workspaceMgr);
    }

    private ResponseTokens tokens() {
        int classes = Math.toIntExact(objective.channelsFirst(input).size(1));
        return ResponseTokens.read(getLabels(), getMaskArray(), input, objective.format(), classes);
    }

    private ResponseEvaluation evaluate(ResponseTokens tokens) {
        INDArray logits = tokens.gather(objective.channelsFirst(input)).castTo(dataType);
        return objective.evaluate(tokens, logits);
    }

    @Override
    public Map<String, Double> updateMetrics() {
        return objective.metrics();
    }

    @Override
    public void clear() {
        super.clear();
        objective.forgetScore();
    }
}
