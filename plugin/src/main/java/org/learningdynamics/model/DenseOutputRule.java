package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.LogitResiduals;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An output layer with weights, on rows or on the positions of sequences. */
final class DenseOutputRule extends OutputRule {
    private final IOutputLayer layer;
    private final LinearMap map;
    private final BaseOutputLayer settings;
    private final RNNFormat format;
    private @Nullable INDArray input;
    private @Nullable INDArray logits; // [T·N, V]
    private @Nullable INDArray residuals; // [T·N, V]

    DenseOutputRule(IOutputLayer layer, LayerNames names) {
        this.layer = layer;
        map = new LinearMap(layer, names);
        settings = (BaseOutputLayer) layer.conf().getLayer();
        format = PositionAxis.formatOf(settings);
    }

    @Override
    INDArray forward(INDArray given, Pass pass) {
        input = given;
        INDArray z = map.forward(Columns.fromSequence(given, format));
        Columns.mask(z, layer.getMaskArray());
        logits = z;
        return z;
    }

    @Override
    INDArray logits() {
        return Kept.from(logits);
    }

    @Override
    INDArray residuals() {
        return Kept.from(residuals);
    }

    @Override
    Optional<INDArray> backwardFromLogits(INDArray deltas, Pass pass, boolean below) {
        Columns.mask(deltas, layer.getMaskArray());
        return backwardUnmasked(deltas, pass, below);
    }

    @Override
    Optional<INDArray> backwardFromLoss(INDArray labels, Pass pass, boolean below) {
        INDArray deltas = residuals(labels, pass);
        residuals = deltas;
        return backwardUnmasked(deltas, pass, below);
    }

    private Optional<INDArray> backwardUnmasked(INDArray deltas, Pass pass, boolean below) {
        boolean sequence = Kept.from(input).rank() == 3;
        return map.backward(deltas, pass, below)
                .map(e -> sequence ? Columns.toSequence(e, input().size(0), format) : e);
    }

    private INDArray input() {
        return Kept.from(input);
    }

    private INDArray residuals(INDArray labels, Pass pass) {
        INDArray z = Kept.from(logits);
        if (layer instanceof LogitResiduals responses) {
            layer.setInput(input(), pass.workspaces());
            layer.setLabels(labels);
            INDArray sequence = Columns.toSequence(z, input().size(0), format);
            return Columns.fromSequence(responses.residuals(sequence), format);
        }
        return settings.getLossFn()
                .computeGradient(
                        Columns.fromSequence(labels, format),
                        z.dup(),
                        settings.getActivationFn(),
                        layer.getMaskArray());
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    void clear() {
        input = null;
        logits = null;
        residuals = null;
        map.clear();
        layer.clear();
    }
}
