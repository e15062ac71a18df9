package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An output layer without weights: its input is the logits. */
final class LossRule extends OutputRule {
    private final IOutputLayer layer;
    private final RNNFormat format;
    private @Nullable INDArray input;
    private @Nullable INDArray residuals; // in the input's shape

    LossRule(IOutputLayer layer) {
        this.layer = layer;
        format = PositionAxis.formatOf(layer.conf().getLayer());
    }

    @Override
    INDArray forward(INDArray given, Pass pass) {
        input = given;
        layer.setInput(given, pass.workspaces());
        return given;
    }

    @Override
    INDArray logits() {
        return Columns.fromSequence(Kept.from(input), format);
    }

    @Override
    INDArray residuals() {
        return Columns.fromSequence(Kept.from(residuals), format);
    }

    @Override
    Optional<INDArray> backwardFromLogits(INDArray deltas, Pass pass, boolean below) {
        INDArray given = Kept.from(input);
        return Optional.of(
                given.rank() == 3 ? Columns.toSequence(deltas, given.size(0), format) : deltas);
    }

    @Override
    Optional<INDArray> backwardFromLoss(INDArray labels, Pass pass, boolean below) {
        layer.setLabels(labels);
        INDArray deltas = layer.backpropGradient(null, pass.workspaces()).getSecond();
        residuals = deltas;
        return Optional.of(deltas);
    }

    @Override
    boolean hasParameters() {
        return false;
    }

    @Override
    void clear() {
        input = null;
        residuals = null;
        layer.clear();
    }
}
