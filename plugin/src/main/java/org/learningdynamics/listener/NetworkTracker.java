package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.LearntBatch;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.NetworkGradients;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.update.NetworkUpdateWatch;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gathers what one update of a DL4J network learnt from: parameters before, raw gradients and a
 * copy of the batch. On the training thread.
 */
final class NetworkTracker implements AutoCloseable {
    private final Model model;
    private final InfluenceSession influence;
    private final RecordingSession session;
    private final NetworkUpdateWatch watch;
    private @Nullable LearntBatch batch;
    private boolean following;

    private NetworkTracker(
            Model model,
            NetworkUpdateWatch watch,
            InfluenceSession influence,
            RecordingSession session) {
        this.model = model;
        this.watch = watch;
        this.influence = influence;
        this.session = session;
    }

    static NetworkTracker of(Model model, InfluenceSession influence, RecordingSession session) {
        NetworkTracker tracker = new NetworkTracker(model, watch(model), influence, session);
        tracker.warn();
        return tracker;
    }

    /** Says what makes an example's own gradient another than what training sums. */
    private void warn() {
        for (Layer layer : layers()) {
            org.deeplearning4j.nn.conf.layers.Layer settings = layer.conf().getLayer();
            if (settings instanceof BatchNormalization) {
                session.event(
                        Severity.WARNING,
                        "influence_batch_norm",
                        "batch normalisation couples the examples of a batch: influences are those"
                                + " under the running statistics; the difference to the update is"
                                + " recorded as unattributed");
                return;
            }
        }
        for (Layer layer : layers()) {
            if (layer.conf().getLayer().getIDropout() != null) {
                session.event(
                        Severity.INFO,
                        "influence_dropout",
                        "influences are those without dropout; the difference to the update is"
                                + " recorded as unattributed");
                return;
            }
        }
    }

    private Layer[] layers() {
        return model instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) model).getLayers();
    }

    private static NetworkUpdateWatch watch(Model model) {
        if (model instanceof MultiLayerNetwork network) {
            requireWhole(network.getLayerWiseConfigurations().getBackpropType());
            return NetworkUpdateWatch.of(network);
        } else if (model instanceof ComputationGraph graph) {
            requireWhole(graph.getConfiguration().getBackpropType());
            return NetworkUpdateWatch.of(graph);
        }
        throw new IllegalArgumentException(
                "model must be a MultiLayerNetwork or a ComputationGraph, got "
                        + model.getClass().getName());
    }

    private static void requireWhole(BackpropType type) {
        if (type != BackpropType.Standard) {
            throw new IllegalArgumentException(
                    "influence needs backpropagation of type Standard, because segments of truncated"
                            + " backpropagation start from states that examples left behind, got "
                            + type);
        }
    }

    /** Before an update that will be recorded. */
    void start() {
        freeBatch();
        watch.before();
        following = true;
    }

    /** When the batch has gone through, and its arrays are still there. */
    @SuppressWarnings("try") // the scope is closed, not read
    void batch() {
        if (following) {
            try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                batch =
                        model instanceof ComputationGraph graph
                                ? of(graph)
                                : of((MultiLayerNetwork) model);
            }
        }
    }

    private static LearntBatch of(MultiLayerNetwork network) {
        return new LearntBatch(
                List.of(network.getInput().dup()),
                List.of(network.getLabels().dup()),
                List.of(copy(network.getMaskArray())),
                List.of(copy(network.getOutputLayer().getMaskArray())));
    }

    private static LearntBatch of(ComputationGraph graph) {
        List<INDArray> features = Arrays.stream(graph.getInputs()).map(INDArray::dup).toList();
        List<INDArray> labels = new ArrayList<>();
        List<Optional<INDArray>> labelMasks = new ArrayList<>();
        for (int i = 0; i < graph.getNumOutputArrays(); i++) {
            Layer output = graph.getOutputLayer(i);
            labels.add(((IOutputLayer) output).getLabels().dup());
            labelMasks.add(copy(output.getMaskArray()));
        }
        INDArray @Nullable [] masks = graph.getInputMaskArrays();
        List<Optional<INDArray>> featureMasks = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            featureMasks.add(copy(masks == null ? null : masks[i]));
        }
        return new LearntBatch(features, labels, featureMasks, labelMasks);
    }

    private static Optional<INDArray> copy(@Nullable INDArray mask) {
        return Optional.ofNullable(mask).map(INDArray::dup);
    }

    /** When the raw gradients are known. */
    void gradients() {
        if (following) {
            watch.gradients();
        }
    }

    /** After the update. */
    Optional<LearntUpdate> finish(int iteration, int epoch) {
        if (!following) {
            return Optional.empty();
        }
        following = false;
        LearntBatch learnt = batch;
        batch = null;
        if (learnt == null) {
            throw new IllegalStateException("the batch was not seen");
        }
        Map<String, ParameterUpdate> updates = watch.after(iteration, epoch);
        double scale = model.conf().isMiniBatch() ? 1.0 / model.batchSize() : 1;
        Map<String, INDArray> before = new HashMap<>(model.paramTable());
        before.putAll(watch.statisticsBefore());
        before.putAll(watch.parametersBefore());
        return Optional.of(
                new LearntUpdate(
                        before,
                        statisticsAfter(),
                        updates,
                        scale,
                        new NetworkBatch(learnt),
                        ids(learnt)));
    }

    private Map<String, INDArray> statisticsAfter() {
        Map<String, INDArray> now = new HashMap<>(model.paramTable());
        now.keySet().retainAll(watch.statisticsBefore().keySet());
        return now;
    }

    private List<Long> ids(LearntBatch learnt) {
        List<INDArray> arrays = new ArrayList<>(learnt.features());
        arrays.addAll(learnt.labels());
        return influence.ids(arrays, session::example);
    }

    private void freeBatch() {
        if (batch != null) {
            free(batch);
            batch = null;
        }
    }

    private static void free(LearntBatch batch) {
        batch.features().forEach(INDArray::close);
        batch.labels().forEach(INDArray::close);
        batch.featureMasks().forEach(mask -> mask.ifPresent(INDArray::close));
        batch.labelMasks().forEach(mask -> mask.ifPresent(INDArray::close));
    }

    @Override
    public void close() {
        freeBatch();
        watch.close();
    }

    private record NetworkBatch(LearntBatch batch) implements LearntUpdate.Batch {
        @Override
        public ModelInput input() {
            List<INDArray> masks = batch.featureMasks().stream().flatMap(Optional::stream).toList();
            boolean all = masks.size() == batch.features().size();
            return new ModelInput(batch.features(), all ? masks : List.of());
        }

        @Override
        public LearntUpdate.Pass pass(GradientView view) {
            if (view instanceof NetworkGradients network) {
                RowPass rows = network.learnt(batch);
                return new LearntUpdate.Pass(rows, rows.residuals());
            }
            throw new IllegalStateException("a network needs its own gradients, got " + view);
        }

        @Override
        public void close() {
            free(batch);
        }
    }
}
