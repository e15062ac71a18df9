package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The host's LSTM without peepholes: with {@code z = [z_i, z_f, z_o, z_g]}, activation φ and gate
 * activation σ, {@code c_t = σ(z_f)·c_{t−1} + σ(z_g)·φ(z_i)} and {@code h_t = σ(z_o)·φ(c_t)}, both
 * times the mask.
 *
 * <p>At masked steps the host trains as if the state before had gone on: it applies the mask on the
 * way forward only.
 */
final class LstmRule extends RecurrentRule {
    private record Step(INDArray z, INDArray gates, INDArray cell, INDArray activatedCell) {}

    private final IActivation activation;
    private final IActivation gateActivation;
    private final List<Step> kept = new ArrayList<>();
    private @Nullable INDArray cellEpsilon; // from the step after // [N, n]
    private long units;

    LstmRule(LSTM layer, LayerNames names) {
        super(layer, names);
        activation = layer.layerConf().getActivationFn();
        gateActivation = layer.layerConf().getGateActivationFn();
    }

    @Override
    void start(int steps, long rows, long n) {
        kept.clear();
        units = n;
        cellEpsilon = null;
    }

    private INDArray gate(INDArray all, int from, int to) {
        return all.get(NDArrayIndex.all(), NDArrayIndex.interval(from * units, to * units));
    }

    @Override
    INDArray step(int t, INDArray z, Optional<INDArray> mask) {
        INDArray gates = z.dup('f');
        activation.getActivation(gate(gates, 0, 1), false);
        gateActivation.getActivation(gate(gates, 1, 4), false);
        INDArray cell = gate(gates, 3, 4).mul(gate(gates, 0, 1));
        if (t > 0) {
            cell.addi(gate(gates, 1, 2).mul(kept.get(t - 1).cell()));
        }
        INDArray activated = activation.getActivation(cell.dup('f'), false);
        INDArray state = activated.mul(gate(gates, 2, 3));
        mask.ifPresent(state::muliColumnVector);
        mask.ifPresent(cell::muliColumnVector);
        kept.add(new Step(z, gates, cell, activated));
        return state;
    }

    @Override
    INDArray stepBack(int t, INDArray epsilon, Optional<INDArray> mask, boolean trained) {
        Step step = kept.get(t);
        if (!trained) {
            mask.ifPresent(epsilon::muliColumnVector);
        }
        INDArray cell = cellEpsilon(t, step, epsilon, mask, trained);
        INDArray deltas = Nd4j.create(epsilon.dataType(), step.z().shape(), 'f');
        gate(deltas, 0, 1).assign(gate(step.gates(), 3, 4)).muli(cell);
        if (t > 0) {
            gate(deltas, 1, 2).assign(kept.get(t - 1).cell()).muli(cell);
        }
        gate(deltas, 2, 3).assign(step.activatedCell()).muli(epsilon);
        gate(deltas, 3, 4).assign(gate(step.gates(), 0, 1)).muli(cell);
        throughActivation(activation, step.z(), deltas, 0, 1);
        throughActivation(gateActivation, step.z(), deltas, 1, 4);
        return deltas;
    }

    private INDArray cellEpsilon(
            int t, Step step, INDArray epsilon, Optional<INDArray> mask, boolean trained) {
        INDArray fromState = epsilon.mul(gate(step.gates(), 2, 3));
        INDArray cell = activation.backprop(step.cell().dup('f'), fromState).getFirst();
        if (cellEpsilon != null) {
            INDArray fromNext = cellEpsilon.mul(gate(kept.get(t + 1).gates(), 1, 2));
            if (!trained) {
                mask.ifPresent(fromNext::muliColumnVector);
            }
            cell = cell.add(fromNext);
        }
        cellEpsilon = cell;
        return cell;
    }

    private void throughActivation(
            IActivation function, INDArray z, INDArray deltas, int from, int to) {
        INDArray place = gate(deltas, from, to);
        place.assign(function.backprop(gate(z, from, to).dup('f'), place.dup('f')).getFirst());
    }

    @Override
    void clear() {
        kept.clear();
        cellEpsilon = null;
        super.clear();
    }
}
