package org.learningdynamics.update;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.misc.DummyConfig;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * One parameter of a DL4J network: where it lies in the updater's flat arrays. A block of the
 * updater covers neighbouring parameters, also of several layers, that have equal settings.
 *
 * @param name the network's name of it
 * @param block the updater's block that moves it
 * @param place its place in the block
 */
record NetworkParameter(String name, UpdaterBlock block, UpdaterBlock.ParamState place) {
    /** All parameters that an update reaches, in the network's order. */
    static List<NetworkParameter> of(
            BaseMultiLayerUpdater<?> updater, Function<Trainable, String> nameOfLayer) {
        List<NetworkParameter> all = new ArrayList<>();
        for (UpdaterBlock block : updater.getUpdaterBlocks()) {
            if (!block.skipDueToPretrainConfig(false)) {
                for (var place : block.getLayersAndVariablesInBlock()) {
                    String name = nameOfLayer.apply(place.getLayer()) + "_" + place.getParamName();
                    all.add(new NetworkParameter(name, block, place));
                }
            }
        }
        return all;
    }

    Trainable layer() {
        return place.getLayer();
    }

    /** Whether the layer is frozen, so that DL4J gives it no gradient. */
    boolean isFrozen() {
        return layer().getConfig() instanceof DummyConfig;
    }

    /** Whether it moves by something that is no gradient; exactly these DL4J never divides. */
    boolean isStatistic() {
        return !layer().updaterDivideByMinibatch(place.getParamName());
    }

    /** The network's own array, of the parameter's shape. */
    INDArray value() {
        return Objects.requireNonNull(layer().paramTable(false).get(place.getParamName()), name);
    }

    /** The gradient in the network's own array. */
    INDArray gradient() {
        return shaped(place.getGradView());
    }

    IUpdater updater() {
        return block.getGradientUpdater().getConfig();
    }

    List<Regularization> regularization() {
        @Nullable List<Regularization> kinds =
                layer().getConfig().getRegularizationByParam(place.getParamName());
        return kinds == null ? List.of() : kinds;
    }

    /** Copies of some of the updater's states. */
    Map<String, INDArray> copies(Set<String> names) {
        Map<String, INDArray> own = states();
        Map<String, INDArray> copies = new HashMap<>();
        names.forEach(n -> copies.put(n, UpdaterState.named(own, n, "before").dup()));
        return copies;
    }

    /** This parameter's part of the updater's states, of its shape; the host's own arrays. */
    Map<String, INDArray> states() {
        GradientUpdater<?> updater = block.getGradientUpdater();
        Map<String, INDArray> parts = new HashMap<>();
        updater.getState().forEach((state, values) -> parts.put(state, part(state, values)));
        return parts;
    }

    private INDArray part(String state, INDArray values) {
        int covered = block.getParamOffsetEnd() - block.getParamOffsetStart();
        if (values.length() != covered) {
            throw new IllegalStateException(
                    "state "
                            + state
                            + " of "
                            + updater().getClass().getName()
                            + " must have one value a parameter, "
                            + covered
                            + ", got "
                            + values.length());
        }
        int from = place.getParamOffsetStart() - block.getParamOffsetStart();
        int to = place.getParamOffsetEnd() - block.getParamOffsetStart();
        return shaped(values.reshape(covered).get(NDArrayIndex.interval(from, to)));
    }

    private INDArray shaped(INDArray flat) {
        INDArray value = value();
        return flat.reshape(value.ordering(), value.shape());
    }
}
