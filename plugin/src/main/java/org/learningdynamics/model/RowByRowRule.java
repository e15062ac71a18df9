package org.learningdynamics.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Any layer with parameters: the host differentiates it for one row after the other. */
final class RowByRowRule extends LayerRule {
    private static final PassWorkspace ROW = new PassWorkspace("WS_NETWORK_GRADIENTS_ROW");

    private final Layer layer;
    private final LayerNames names;
    private @Nullable INDArray input;

    RowByRowRule(Layer layer, LayerNames names) {
        this.layer = layer;
        this.names = names;
    }

    @Override
    INDArray forward(INDArray given, Pass pass) {
        input = given.dup();
        layer.setInput(given.dup(), pass.workspaces());
        return layer.activate(false, pass.workspaces());
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray all = Kept.from(input);
        INDArray gradient = Nd4j.create(epsilon.dataType(), all.shape(), 'c');
        Map<String, INDArray> found = new LinkedHashMap<>();
        @Nullable INDArray mask = layer.getMaskArray();
        boolean flows = true;
        for (int n = 0; n < pass.rows(); n++) {
            int row = n;
            flows =
                    ROW.inside(
                            () -> {
                                if (mask != null) {
                                    layer.setMaskArray(ofRow(mask, row, pass));
                                }
                                Pair<Gradient, INDArray> both = ofHost(epsilon, row, pass);
                                keep(both.getFirst(), row, pass, found);
                                return putBelow(both.getSecond(), gradient, row, pass);
                            });
        }
        layer.setMaskArray(mask);
        return flows ? Optional.of(gradient) : Optional.empty();
    }

    private Pair<Gradient, INDArray> ofHost(INDArray epsilon, int row, Pass pass) {
        INDArray all = Kept.from(input);
        layer.setInput(ofRow(all, row, pass), ROW.manager());
        layer.activate(false, ROW.manager());
        layer.setInput(ofRow(all, row, pass), ROW.manager());
        return layer.backpropGradient(ofRow(epsilon, row, pass), ROW.manager());
    }

    private static boolean putBelow(
            @Nullable INDArray found, INDArray gradient, int row, Pass pass) {
        if (found == null) {
            return false;
        }
        INDArray room = entries(gradient, row, pass);
        room.assign(found.reshape('c', room.shape()));
        return true;
    }

    /** A copy of the entries of axis 0 that belong to a row. */
    private static INDArray ofRow(INDArray array, int row, Pass pass) {
        long[] shape = array.shape().clone();
        shape[0] /= pass.rows();
        return entries(array, row, pass).dup('c').reshape('c', shape);
    }

    /** The same as a view, if the array is contiguous // [k, …]. */
    private static INDArray entries(INDArray array, int row, Pass pass) {
        long times = array.size(0) / pass.rows();
        return array.reshape('c', times, pass.rows(), array.length() / array.size(0))
                .get(NDArrayIndex.all(), NDArrayIndex.point(row), NDArrayIndex.all());
    }

    private void keep(Gradient gradient, int row, Pass pass, Map<String, INDArray> found) {
        for (Map.Entry<String, INDArray> each : gradient.gradientForVariable().entrySet()) {
            String key = each.getKey();
            INDArray value = each.getValue();
            if (value == null || !layer.paramTable(true).containsKey(key)) {
                continue;
            }
            ParameterMatrix parameter = parameter(key, value);
            found.computeIfAbsent(key, k -> room(parameter, value, pass))
                    .get(NDArrayIndex.point(row), NDArrayIndex.all(), NDArrayIndex.all())
                    .assign(parameter.matrix(value));
        }
    }

    private INDArray room(ParameterMatrix parameter, INDArray value, Pass pass) {
        INDArray values =
                PassWorkspace.outside(
                        () ->
                                Nd4j.create(
                                        value.dataType(),
                                        pass.rows(),
                                        parameter.rows(),
                                        parameter.columns()));
        pass.factors().add(parameter, new WholeGradients(values));
        return values;
    }

    private ParameterMatrix parameter(String key, INDArray value) {
        boolean matrix = value.rank() == 2 && value.size(0) > 1;
        return matrix ? names.matrix(key, value) : names.vector(key, value);
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    void clear() {
        input = null;
        layer.clear();
    }
}
