package org.learningdynamics.model;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logits of a model in training, without touching the model.
 *
 * <p>A view is made on any thread; its methods are for one thread only, the {@link ProbeThread},
 * and only while training waits. It never changes the model's parameters, random state, masks,
 * recurrent state, iteration count or listeners. Dropout is off and batch normalisation uses its
 * running statistics, wherever the host knows the difference.
 */
public sealed interface ModelView extends AutoCloseable
        permits MultiLayerView, GraphView, SameDiffView {
    /**
     * A view of a network that ends in a softmax or in one sigmoid.
     *
     * <p>The view holds a second set of parameters (no updater state), brought up to date by {@link
     * #refresh()}, in a network of the same configuration whose output layer leaves its activation
     * function out: logits are exact, not logarithms of probabilities.
     *
     * @param network an initialised network
     * @return the view
     * @throws IllegalArgumentException if the last layer gives no class logits; the message names
     *     the layer and the rule
     */
    static ModelView of(MultiLayerNetwork network) {
        return new MultiLayerView(network);
    }

    /**
     * A view of a graph with one output that ends in a softmax or in one sigmoid; see {@link
     * #of(MultiLayerNetwork)}.
     *
     * @param graph an initialised graph
     * @return the view
     * @throws IllegalArgumentException if the graph has several outputs or its output layer gives
     *     no class logits
     */
    static ModelView of(ComputationGraph graph) {
        return new GraphView(graph);
    }

    /**
     * A view of one of a graph's outputs, which ends in a softmax or in one sigmoid; the others may
     * be of any sort. See {@link #of(MultiLayerNetwork)}.
     *
     * @param graph an initialised graph
     * @param output the output's name
     * @return the view
     * @throws IllegalArgumentException if the graph has no such output or that gives no class
     *     logits
     */
    static ModelView of(ComputationGraph graph, String output) {
        return new GraphView(graph, output);
    }

    /**
     * A view of a SameDiff graph.
     *
     * <p>The view reads the model's own arrays through an inference session of its own: no copy of
     * the parameters, whatever their size, no listener called, nothing left in the model. Graphs
     * have no evaluation mode in SameDiff: random ops in the graph stay random.
     *
     * @param sameDiff the graph
     * @param inputs names of the placeholders that take the features, in order; masks come after
     *     them
     * @param logits name of the variable that holds the logits // [B, V], [B·T, V] or [B, T, V]
     * @return the view
     * @throws IllegalArgumentException if a name is unknown; the message lists those there are
     */
    static ModelView of(SameDiff sameDiff, List<String> inputs, String logits) {
        return new SameDiffView(sameDiff, inputs, logits);
    }

    /** Takes the model's parameters as they are now. */
    void refresh();

    /**
     * Applies the constraints that the host applies only after it has called its listeners, to the
     * view's own parameters; nothing where the host has none.
     *
     * @param iteration the host's iteration counter
     * @param epoch the host's epoch counter
     */
    void applyConstraints(int iteration, int epoch);

    /**
     * One forward pass.
     *
     * @param input the batch
     * @return logits, row-major over batch and position; the caller closes them // [B·T, V]
     */
    INDArray logits(ModelInput input);

    /** Frees what the view holds; the model stays as it is. */
    @Override
    void close();
}
