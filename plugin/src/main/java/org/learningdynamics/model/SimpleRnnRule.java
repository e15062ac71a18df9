package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code h_t = m_t·f(z_t)}. */
final class SimpleRnnRule extends RecurrentRule {
    private final IActivation activation;
    private final List<INDArray> preActivations = new ArrayList<>(); // each [N, n]

    SimpleRnnRule(SimpleRnn layer, LayerNames names) {
        super(layer, names);
        activation = layer.layerConf().getActivationFn();
    }

    @Override
    void start(int steps, long rows, long units) {
        preActivations.clear();
    }

    @Override
    INDArray step(int t, INDArray z, Optional<INDArray> mask) {
        preActivations.add(z);
        INDArray state = activation.getActivation(z.dup(), false);
        mask.ifPresent(state::muliColumnVector);
        return state;
    }

    @Override
    INDArray stepBack(int t, INDArray epsilon, Optional<INDArray> mask, boolean trained) {
        INDArray delta = activation.backprop(preActivations.get(t), epsilon).getFirst();
        mask.ifPresent(delta::muliColumnVector);
        return delta;
    }

    @Override
    void clear() {
        preActivations.clear();
        super.clear();
    }
}
