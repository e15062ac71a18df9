package org.learningdynamics.update;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.stepfunctions.NegativeGradientStepFunction;
import org.deeplearning4j.nn.conf.stepfunctions.StepFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The two kinds of DL4J networks as one.
 *
 * @param model the network
 * @param layers its layers, or vertices
 * @param nameOfLayer first part of their parameters' names
 * @param updater the network's updater, made by the network when asked for the first time
 */
record FollowedNetwork(
        Model model,
        List<? extends Trainable> layers,
        Function<Trainable, String> nameOfLayer,
        Supplier<Object> updater) {
    static FollowedNetwork of(MultiLayerNetwork network) {
        requireInitialised(network.getLayers());
        IdentityHashMap<Trainable, String> names = new IdentityHashMap<>();
        for (int i = 0; i < network.getLayers().length; i++) {
            names.put(network.getLayer(i), String.valueOf(i));
        }
        return new FollowedNetwork(
                network,
                List.copyOf(Arrays.asList(network.getLayers())),
                layer -> names.getOrDefault(layer, ""),
                network::getUpdater);
    }

    static FollowedNetwork of(ComputationGraph graph) {
        requireInitialised(graph.getVertices());
        return new FollowedNetwork(
                graph,
                List.copyOf(Arrays.asList(graph.getVertices())),
                vertex -> ((GraphVertex) vertex).getVertexName(),
                graph::getUpdater);
    }

    private static void requireInitialised(Object @Nullable [] layers) {
        if (layers == null) {
            throw new IllegalArgumentException("network must be initialised, call init() first");
        }
    }

    /** Fails where an update could not be split. */
    void requireKnownUpdaters() {
        OptimizationAlgorithm algorithm = model.conf().getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException(
                    "optimisation algorithm must be STOCHASTIC_GRADIENT_DESCENT, got " + algorithm);
        }
        @Nullable StepFunction step = model.conf().getStepFunction();
        if (step != null && !(step instanceof NegativeGradientStepFunction)) {
            throw new IllegalArgumentException(
                    "step function must be NegativeGradientStepFunction, got "
                            + step.getClass().getName());
        }
        for (Trainable layer : layers) {
            if (layer.numParams() > 0) {
                layer.paramTable(false).keySet().forEach(name -> requireKnown(layer, name));
            }
        }
    }

    private static void requireKnown(Trainable layer, String parameter) {
        @Nullable IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
        if (updater != null) {
            SplitRules.of(updater);
        }
    }

    /** Every parameter that an update reaches, in the network's order. */
    List<NetworkParameter> parameters() {
        Object own = updater.get();
        if (own instanceof BaseMultiLayerUpdater<?> flat) {
            return NetworkParameter.of(flat, nameOfLayer);
        }
        throw new IllegalStateException(
                "updater must be a BaseMultiLayerUpdater, got " + own.getClass().getName());
    }

    /** What DL4J divides the sum over the batch by. */
    double divisor() {
        return model.conf().isMiniBatch() ? model.batchSize() : 1;
    }
}
