package org.learningdynamics.update;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.update.ObservedStep.Clipping;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Follows the updates of a {@code MultiLayerNetwork} or {@code ComputationGraph}: {@link #before}
 * in {@code onForwardPass}, {@link #gradients} in {@code onGradientCalculation}, {@link #after} in
 * {@code iterationDone}.
 *
 * <p>Parameters have DL4J's names, such as {@code 0_W} or {@code dense_b}. DL4J's gradients are
 * sums over the batch; they are divided by its size where DL4J does so. Gradient normalisation of
 * each layer is the update's scale, or its preconditioner where it clips by value. Frozen layers,
 * and parameters that only pre-training moves, are left out; running statistics are left out too
 * and have {@link #statisticsShift}.
 *
 * <p>Updates that come from elsewhere (a gradients accumulator of distributed training) move the
 * parameters by more than the parts that are told here.
 *
 * <p>Cost a followed update: copies of parameters, gradients and first moments, and about ten
 * passes over each.
 */
public final class NetworkUpdateWatch implements UpdateWatch {
    /** What was taken of one parameter when its gradient was known. */
    private record Taken(INDArray gradient, Clipping clipping, Map<String, INDArray> remembered) {
        void close() {
            gradient.close();
            clipping.values().ifPresent(INDArray::close);
            Detached.closeAll(remembered);
        }
    }

    private final FollowedNetwork network;
    private final List<NetworkParameter> all = new ArrayList<>();
    private final Map<String, INDArray> parameters = new LinkedHashMap<>();
    private final Map<String, INDArray> statistics = new LinkedHashMap<>();
    private final Map<String, Taken> taken = new HashMap<>();
    private boolean following;

    private NetworkUpdateWatch(FollowedNetwork network) {
        this.network = network;
    }

    /**
     * Makes a watch for an initialised network.
     *
     * @param network the network on which {@code fit} is called
     * @return the watch
     * @throws IllegalArgumentException if the network is not initialised, trains by anything but
     *     gradient steps, or has an updater that is neither ND4J's nor a {@link SplittableUpdater}
     */
    public static NetworkUpdateWatch of(MultiLayerNetwork network) {
        return of(FollowedNetwork.of(network));
    }

    /**
     * Makes a watch for an initialised graph.
     *
     * @param graph the graph on which {@code fit} is called
     * @return the watch
     * @throws IllegalArgumentException if the graph is not initialised, trains by anything but
     *     gradient steps, or has an updater that is neither ND4J's nor a {@link SplittableUpdater}
     */
    public static NetworkUpdateWatch of(ComputationGraph graph) {
        return of(FollowedNetwork.of(graph));
    }

    private static NetworkUpdateWatch of(FollowedNetwork network) {
        network.requireKnownUpdaters();
        return new NetworkUpdateWatch(network);
    }

    @Override
    public void before() {
        release();
        all.addAll(Detached.compute(network::parameters));
        all.removeIf(NetworkParameter::isFrozen);
        for (NetworkParameter parameter : all) {
            INDArray copy = Detached.compute(() -> parameter.value().dup());
            (parameter.isStatistic() ? statistics : parameters).put(parameter.name(), copy);
        }
        following = true;
    }

    /**
     * Takes the raw gradients, before the updater changes them in place.
     *
     * @throws IllegalStateException if {@link #before} was not called for this update, or the
     *     gradients are already there
     */
    public void gradients() {
        requireFollowing();
        if (!taken.isEmpty()) {
            throw new IllegalStateException(
                    "gradients must be taken once an update, got a second time");
        }
        double batch = network.divisor();
        Detached.compute(
                () -> {
                    LayerClipping clipping = new LayerClipping(all, batch);
                    trained().forEach(p -> taken.put(p.name(), take(p, clipping, batch)));
                    return taken;
                });
    }

    private List<NetworkParameter> trained() {
        return all.stream().filter(p -> !p.isStatistic()).toList();
    }

    private static Taken take(NetworkParameter parameter, LayerClipping clipping, double batch) {
        INDArray gradient = parameter.gradient().dup();
        gradient.divi(batch);
        return new Taken(
                gradient,
                clipping.of(parameter, gradient),
                parameter.copies(SplitRules.of(parameter.updater()).remembered()));
    }

    @Override
    public Map<String, INDArray> parametersBefore() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Map<String, ParameterUpdate> after(int iteration, int epoch) {
        requireFollowing();
        if (!taken.keySet().equals(parameters.keySet())) {
            throw new IllegalStateException(
                    "gradients must be taken before the update is split, got none");
        }
        following = false;
        return Detached.compute(
                () -> {
                    Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
                    trained().forEach(p -> updates.put(p.name(), split(p, iteration, epoch)));
                    return updates;
                });
    }

    private ParameterUpdate split(NetworkParameter parameter, int iteration, int epoch) {
        @Nullable Taken own = taken.remove(parameter.name());
        @Nullable INDArray theta = parameters.get(parameter.name());
        if (own == null || theta == null) {
            throw new IllegalStateException("nothing was taken of " + parameter.name());
        }
        var state = new UpdaterState(own.remembered(), parameter.states(), iteration, epoch);
        UpdateSplit split = SplitRules.of(parameter.updater()).split(state);
        Detached.closeAll(own.remembered());
        var terms =
                new RegularizationTerms(
                        parameter.regularization(), parameter.updater(), iteration, epoch);
        return new ObservedStep(theta, parameter.value(), own.gradient(), own.clipping(), terms, 1)
                .with(split);
    }

    /**
     * How far running statistics moved since {@link #before}; DL4J moves them together with the
     * parameters.
     *
     * @return θ_{t+1} − θ_t by DL4J's name, such as {@code 1_mean}; the caller closes them
     * @throws IllegalStateException if {@link #before} was not called
     */
    @Override
    public Map<String, INDArray> statisticsShift() {
        if (all.isEmpty()) {
            throw new IllegalStateException("parameters before the update must be taken first");
        }
        Map<String, INDArray> shifts = new LinkedHashMap<>();
        for (NetworkParameter parameter : all) {
            @Nullable INDArray before = statistics.get(parameter.name());
            if (before != null) {
                shifts.put(parameter.name(), Detached.compute(() -> parameter.value().sub(before)));
            }
        }
        return shifts;
    }

    @Override
    public Map<String, INDArray> statisticsBefore() {
        return Collections.unmodifiableMap(statistics);
    }

    private void requireFollowing() {
        if (!following) {
            throw new IllegalStateException(
                    "parameters before the update must be taken first, once an update");
        }
    }

    private void release() {
        following = false;
        all.clear();
        Detached.closeAll(parameters);
        Detached.closeAll(statistics);
        taken.values().forEach(Taken::close);
        taken.clear();
    }

    @Override
    public void close() {
        release();
    }
}
