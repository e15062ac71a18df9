package org.learningdynamics.update;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Follows the updates of {@code SameDiff.fit}: {@link #before} in {@code iterationStart}, {@link
 * #gradient} in {@code activationAvailable}, {@link #after} in {@code iterationDone}. Of a host
 * that clips or adds up the gradients of several passes, {@link #gradient} takes the update's
 * gradient before clipping and {@link #clipping} its factor.
 *
 * <p>Parameters are the floating-point variables that the loss depends on, by their names; their
 * gradients are those of the loss as the graph defines it. {@code SameDiff.fit} does not clip.
 *
 * <p>Cost a followed update: copies of parameters, gradients and first moments, and about ten
 * passes over each.
 */
public final class SameDiffUpdateWatch implements UpdateWatch {
    /** SameDiff's name of the graph that computes gradients. */
    private static final String GRADIENTS = "grad";

    private final SameDiff graph;
    private final Map<String, INDArray> parameters = new LinkedHashMap<>();

    /** The parameters by the names of their gradients. */
    private final Map<String, String> parameterOfGradient = new HashMap<>();

    private final Map<String, INDArray> gradients = new HashMap<>();
    private final Map<String, Map<String, INDArray>> remembered = new HashMap<>();
    private ObservedStep.Clipping clipping = ObservedStep.Clipping.NONE;
    private boolean following;

    private SameDiffUpdateWatch(SameDiff graph) {
        this.graph = graph;
    }

    /**
     * Makes a watch for a graph that has its training configuration.
     *
     * @param graph the graph on which {@code fit} is called
     * @return the watch
     * @throws IllegalArgumentException if the graph has no training configuration, or an updater
     *     that is neither ND4J's nor a {@link SplittableUpdater}
     */
    public static SameDiffUpdateWatch of(SameDiff graph) {
        SplitRules.of(configuration(graph).getUpdater());
        return new SameDiffUpdateWatch(graph);
    }

    private static TrainingConfig configuration(SameDiff graph) {
        @Nullable TrainingConfig configuration = graph.getTrainingConfig();
        if (configuration == null) {
            throw new IllegalArgumentException(
                    "graph must have a training configuration, got none");
        }
        return configuration;
    }

    @Override
    public void before() {
        release();
        @Nullable SameDiff backward = graph.getFunction(GRADIENTS);
        if (backward == null) {
            throw new IllegalStateException(
                    "parameters must be taken while the graph trains, got no gradient graph");
        }
        Detached.compute(
                () -> {
                    graph.variables().forEach(variable -> take(variable, backward));
                    return parameters;
                });
        following = true;
    }

    private void take(SDVariable variable, SameDiff backward) {
        if (variable.getVariableType() == VariableType.VARIABLE && variable.dataType().isFPType()) {
            @Nullable SDVariable gradient = backward.getVariable(variable.name()).getGradient();
            if (gradient != null) {
                parameterOfGradient.put(gradient.name(), variable.name());
                parameters.put(variable.name(), variable.getArr().dup());
            }
        }
    }

    /**
     * The parameter that a variable of the gradient graph is the gradient of.
     *
     * @param variable name of any variable
     * @return the parameter's name; empty for other variables, and until {@link #before} was called
     */
    public Optional<String> parameterOf(String variable) {
        return Optional.ofNullable(parameterOfGradient.get(variable));
    }

    /**
     * Takes a raw gradient, before the updater changes it in place.
     *
     * @param parameter the parameter's name
     * @param raw the gradient, copied here
     * @throws IllegalStateException if {@link #before} was not called for this update, or the
     *     gradient is already there
     * @throws IllegalArgumentException if no such parameter is trained
     */
    public void gradient(String parameter, INDArray raw) {
        requireFollowing();
        if (!parameters.containsKey(parameter)) {
            throw new IllegalArgumentException(
                    "parameter must be one of " + parameters.keySet() + ", got " + parameter);
        }
        if (gradients.containsKey(parameter)) {
            throw new IllegalStateException(
                    "gradient of " + parameter + " must be taken once an update, got a second");
        }
        gradients.put(parameter, Detached.compute(raw::dup));
        remembered.put(parameter, Detached.compute(() -> remember(parameter)));
    }

    /**
     * Takes the factor that the host multiplies every gradient by before regularisation and
     * updater.
     *
     * @param factor 1 unless this is called
     * @throws IllegalStateException if {@link #before} was not called for this update
     */
    public void clipping(double factor) {
        requireFollowing();
        clipping = new ObservedStep.Clipping(factor, Optional.empty());
    }

    private Map<String, INDArray> remember(String parameter) {
        GradientUpdater<?> updater = updater(parameter);
        Map<String, INDArray> state = updater.getState();
        Map<String, INDArray> copies = new HashMap<>();
        for (String name : SplitRules.of(updater.getConfig()).remembered()) {
            copies.put(name, UpdaterState.named(state, name, "before").dup());
        }
        return copies;
    }

    private GradientUpdater<?> updater(String parameter) {
        return Objects.requireNonNull(graph.getUpdaterMap().get(parameter), parameter);
    }

    @Override
    public Map<String, INDArray> parametersBefore() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Map<String, ParameterUpdate> after(int iteration, int epoch) {
        requireFollowing();
        for (String parameter : parameters.keySet()) {
            if (!gradients.containsKey(parameter)) {
                throw new IllegalStateException(
                        "gradient of " + parameter + " must be taken before the update is split");
            }
        }
        following = false;
        return Detached.compute(
                () -> {
                    Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
                    parameters.forEach(
                            (name, theta) ->
                                    updates.put(name, split(name, theta, iteration, epoch)));
                    return updates;
                });
    }

    private ParameterUpdate split(String name, INDArray theta, int iteration, int epoch) {
        TrainingConfig configuration = configuration(graph);
        GradientUpdater<?> updater = updater(name);
        @Nullable List<Regularization> kinds = configuration.getRegularization();
        var terms =
                new RegularizationTerms(
                        kinds == null ? List.of() : kinds,
                        configuration.getUpdater(),
                        iteration,
                        epoch);
        Map<String, INDArray> before = taken(remembered, name);
        UpdateSplit split =
                SplitRules.of(updater.getConfig())
                        .split(new UpdaterState(before, updater.getState(), iteration, epoch));
        Detached.closeAll(before);
        return new ObservedStep(
                        theta,
                        graph.getVariable(name).getArr(),
                        taken(gradients, name),
                        clipping,
                        terms,
                        configuration.isMinimize() ? 1 : -1)
                .with(split);
    }

    private static <V> V taken(Map<String, V> map, String name) {
        @Nullable V value = map.remove(name);
        if (value == null) {
            throw new IllegalStateException("nothing was taken of " + name);
        }
        return value;
    }

    /**
     * A graph has no values that move without a gradient.
     *
     * @return none
     */
    @Override
    public Map<String, INDArray> statisticsShift() {
        return Map.of();
    }

    @Override
    public Map<String, INDArray> statisticsBefore() {
        return Map.of();
    }

    private void requireFollowing() {
        if (!following) {
            throw new IllegalStateException(
                    "parameters before the update must be taken first, once an update");
        }
    }

    private void release() {
        following = false;
        clipping = ObservedStep.Clipping.NONE;
        Detached.closeAll(parameters);
        Detached.closeAll(gradients);
        remembered.values().forEach(Detached::closeAll);
        remembered.clear();
        parameterOfGradient.clear();
    }

    @Override
    public void close() {
        release();
    }
}
