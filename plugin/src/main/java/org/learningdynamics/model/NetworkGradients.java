package org.learningdynamics.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of single rows in Deeplearning4j's own networks, from one forward and one backward pass
 * over all of them.
 *
 * <p>Holds a second network of the same configuration with parameters of its own and goes through
 * it layer by layer, keeping of each linear map its input and the gradient at its output instead of
 * their product summed over the batch. Dense, output, RNN output, embedding and convolution layers,
 * batch normalisation, LSTM and simple RNN have rules for that; layers without parameters and
 * vertices are run by the host; any other layer is run and differentiated by the host for one row
 * after the other, and named in {@link #fallbacks()}. Frozen layers have no gradients, nor has what
 * the host does not train below them.
 *
 * <p>Evaluation mode throughout: dropout and weight noise are off, batch normalisation uses its
 * running statistics, recurrent layers start from zeros. Gradients that are NaN or infinite are
 * handed on as they are.
 *
 * <p>Cost: about that of the host's own pass over the same rows without the products that give
 * weight gradients, and a copy of every layer's input and output gradient. Memory for one pass is
 * kept for the next. One thread, as for {@link ModelView}.
 */
public final class NetworkGradients implements GradientView {
    private final Supplier<NetworkShadow> maker;
    private final PassWorkspace workspace = new PassWorkspace("WS_NETWORK_GRADIENTS");
    private @Nullable NetworkShadow shadow;

    private NetworkGradients(Supplier<NetworkShadow> maker) {
        this.maker = maker;
    }

    /**
     * Gradients in a network that ends in a softmax or in one sigmoid. The configuration is copied
     * here; the network is not asked again.
     *
     * @param network an initialised network
     * @return the view
     * @throws IllegalArgumentException if the last layer gives no class logits
     */
    public static NetworkGradients of(MultiLayerNetwork network) {
        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations().clone();
        EvaluationMode.set(configuration);
        int last = configuration.getConfs().size() - 1;
        String name = OutputLayers.name(configuration.getConf(last).getLayer(), "layer" + last);
        OutputLayers.removeActivation(configuration.clone().getConf(last).getLayer(), name);
        long count = network.numParams();
        return new NetworkGradients(() -> new MultiLayerShadow(configuration, count));
    }

    /**
     * Gradients in a graph with one output; see {@link #of(MultiLayerNetwork)}.
     *
     * @param graph an initialised graph
     * @return the view
     * @throws IllegalArgumentException if the graph has several outputs or its output layer gives
     *     no class logits
     */
    public static NetworkGradients of(ComputationGraph graph) {
        return of(graph, GraphView.onlyOutput(graph.getConfiguration().getNetworkOutputs()));
    }

    /**
     * Gradients in a graph, with one of its outputs watched; see {@link #of(MultiLayerNetwork)}.
     *
     * @param graph an initialised graph
     * @param output the output's name
     * @return the view
     * @throws IllegalArgumentException if the graph has no such output or that gives no class
     *     logits, or if a vertex other than a layer has parameters
     */
    public static NetworkGradients of(ComputationGraph graph, String output) {
        requireRules(graph);
        ComputationGraphConfiguration configuration = graph.getConfiguration().clone();
        EvaluationMode.set(configuration);
        int index = GraphView.indexOf(configuration, output);
        OutputLayers.removeActivation(GraphView.outputLayer(configuration.clone(), output), output);
        long count = graph.numParams();
        return new NetworkGradients(() -> new GraphShadow(configuration, index, count));
    }

    /** Parameters of a vertex would be left out without a word. */
    private static void requireRules(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (!(vertex instanceof LayerVertex) && vertex.numParams() > 0) {
                throw new IllegalArgumentException(
                        "vertex \""
                                + vertex.getVertexName()
                                + "\" must be a layer or have no parameters to measure influence, got "
                                + vertex.getClass().getSimpleName()
                                + " with "
                                + vertex.numParams());
            }
        }
    }

    /**
     * Copies the parameters to work at.
     *
     * @param parameters by the host's names, such as {@code 0_W} or {@code layer_b}
     * @throws IllegalArgumentException if one is missing or has another number of values
     */
    @Override
    public void load(Map<String, INDArray> parameters) {
        if (shadow == null) {
            shadow = maker.get();
        }
        shadow.parameters()
                .forEach(
                        (name, own) -> {
                            INDArray given = parameters.get(name);
                            if (given == null || given.length() != own.length()) {
                                throw new IllegalArgumentException(
                                        String.format(
                                                "parameter \"%s\" must have shape %s, got %s",
                                                name,
                                                Arrays.toString(own.shape()),
                                                given == null
                                                        ? "none"
                                                        : Arrays.toString(given.shape())));
                            }
                            own.assign(given);
                        });
    }

    @Override
    public RowPass observe(ModelInput input, int[][] labels) {
        return observe(input, logits -> LogitSeeds.ofLogLikelihood(logits, labels));
    }

    @Override
    public RowPass observe(ModelInput input, INDArray seed) {
        return observe(
                input,
                logits -> {
                    if (!Arrays.equals(seed.shape(), logits.shape())) {
                        throw new IllegalArgumentException(
                                "seed must have the shape of the logits "
                                        + Arrays.toString(logits.shape())
                                        + ", got "
                                        + Arrays.toString(seed.shape()));
                    }
                    return seed;
                });
    }

    private RowPass observe(ModelInput input, Function<INDArray, INDArray> seed) {
        NetworkShadow network = opened();
        int inputs = input.features().size();
        requireInputs(network, inputs);
        List<Optional<INDArray>> masks =
                input.masks().isEmpty()
                        ? Masks.optional(null, inputs)
                        : input.masks().stream().map(Optional::of).toList();
        int watched = network.watched();
        return new NetworkRun(
                        input.features(), masks, Masks.optional(null, network.outputs().size()))
                .through(
                        network,
                        workspace,
                        false,
                        List.of(watched),
                        logits -> Map.of(watched, start(seed.apply(logits))));
    }

    private static NetworkTape.Start start(INDArray seed) {
        return (rule, pass, below) ->
                rule.backwardFromLogits(
                        LogitSeeds.inside(seed, pass.rows(), rule.logits()), pass, below);
    }

    /**
     * Logits of each row of a batch that the network is trained on, and the gradient of each row's
     * term of the training loss: of what the host sums over the batch before it divides by the
     * number of rows, without regularisation, with the host's own loss functions, their weights and
     * masks, of all outputs. Where a loss looks at the whole batch, a row's gradient is that of the
     * batch's loss by the row's logits. Rows that do not count have zeros.
     *
     * <p>The sum over rows is the host's {@code gradient()} before the update, except with dropout,
     * weight noise, batch normalisation (evaluation mode here) and state that truncated
     * backpropagation carries over.
     *
     * @param batch as the host gets it
     * @return logits of the watched output, gradients and residuals, closed by the caller
     * @throws IllegalArgumentException if the batch has not as many arrays as the network
     */
    public RowPass learnt(LearntBatch batch) {
        NetworkShadow network = opened();
        requireInputs(network, batch.features().size());
        List<Integer> outputs = network.outputs();
        if (batch.labels().size() != outputs.size()) {
            throw new IllegalArgumentException(
                    "labels must have "
                            + outputs.size()
                            + " arrays, one a network output, got "
                            + batch.labels().size());
        }
        Map<Integer, NetworkTape.Start> starts = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            INDArray labels = batch.labels().get(i);
            starts.put(
                    outputs.get(i),
                    (rule, pass, below) -> rule.backwardFromLoss(labels, pass, below));
        }
        return new NetworkRun(batch.features(), batch.featureMasks(), batch.labelMasks())
                .through(network, workspace, true, outputs, logits -> starts);
    }

    private static void requireInputs(NetworkShadow network, int got) {
        if (got != network.inputs()) {
            throw new IllegalArgumentException(
                    "features must have "
                            + network.inputs()
                            + " arrays, one a network input, got "
                            + got);
        }
    }

    @Override
    public List<String> fallbacks() {
        return opened().fallbacks();
    }

    private NetworkShadow opened() {
        if (shadow == null) {
            throw new IllegalStateException("load must be called first");
        }
        return shadow;
    }

    @Override
    public void close() {
        if (shadow != null) {
            shadow.close();
            shadow = null;
            workspace.destroy();
        }
    }
}
