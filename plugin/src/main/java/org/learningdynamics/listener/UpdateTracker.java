package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.listener.UpdateListener.MicroBatch;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.update.SameDiffUpdateWatch;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gathers what one update of a SameDiff graph learnt from: parameters before, raw gradients, and
 * the gradient of the loss at the logits. On the training thread.
 */
final class UpdateTracker implements AutoCloseable {
    private static final String GRADIENT_FUNCTION = "grad";

    /** Ops that keep values and their order. */
    private static final Set<String> SAME_VALUES = Set.of("reshape", "identity");

    private final SameDiff model;
    private final List<String> inputs;
    private final String logits;
    private final InfluenceSession influence;
    private final RecordingSession session;
    private final SameDiffUpdateWatch watch;
    private @Nullable String residualName;
    private final List<Residual> residuals = new ArrayList<>();
    private @Nullable MicroBatch part;
    private boolean following;

    /**
     * Gradient of the update's loss at the logits of some rows.
     *
     * @param rows their indices in the batch, empty for all rows
     * @param values // [rows · T, V]
     */
    private record Residual(int[] rows, INDArray values) {
        long positions() {
            return values.size(0) / rows.length;
        }
    }

    UpdateTracker(
            SameDiff model,
            List<String> inputs,
            String logits,
            InfluenceSession influence,
            RecordingSession session) {
        this.model = model;
        this.inputs = List.copyOf(inputs);
        this.logits = logits;
        this.influence = influence;
        this.session = session;
        watch = SameDiffUpdateWatch.of(model);
    }

    /** Before an update that will be recorded. */
    void start() {
        following = false;
        part = null;
        freeResiduals();
        watch.before();
        residualName = gradientOfLogits();
        following = true;
    }

    private String gradientOfLogits() {
        SameDiff gradients = Objects.requireNonNull(model.getFunction(GRADIENT_FUNCTION));
        String name = logits;
        while (true) {
            SDVariable gradient =
                    gradients.hasVariable(name) ? gradients.getVariable(name).getGradient() : null;
            if (gradient != null) {
                return gradient.name();
            }
            name =
                    reshaped(name)
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "the loss must depend on the logits \""
                                                            + logits
                                                            + "\", which have no gradient"));
        }
    }

    /** What a variable is only another shape of. */
    private Optional<String> reshaped(String name) {
        @Nullable String producer =
                Objects.requireNonNull(model.getVariables().get(name), name).getOutputOfOp();
        @Nullable SameDiffOp op = producer == null ? null : model.getOps().get(producer);
        return op != null && SAME_VALUES.contains(op.getOp().opName())
                ? Optional.of(op.getInputsToOp().get(0))
                : Optional.empty();
    }

    /** For every array that the update computes. */
    void take(String variable, INDArray array) {
        if (!following) {
            return;
        }
        MicroBatch own = part;
        if (variable.equals(residualName)) {
            INDArray values = flat(array);
            residuals.add(
                    own == null
                            ? new Residual(new int[0], values)
                            : new Residual(own.rows(), values.muli(own.weight())));
        }
        if (own == null) {
            watch.parameterOf(variable).ifPresent(parameter -> watch.gradient(parameter, array));
        }
    }

    /** Before the pass of a micro-batch; gradients then come all at once. */
    void microBatch(MicroBatch next) {
        part = next;
    }

    /** The update's gradients, where the host adds them up or clips them. */
    void gradients(Map<String, INDArray> byParameter, double factor) {
        if (following) {
            byParameter.forEach(watch::gradient);
            watch.clipping(factor);
        }
    }

    /** A copy, one row a position; one sigmoid with logit z is a softmax over (0, z). */
    @SuppressWarnings("try") // the scope is closed, not read
    private static INDArray flat(INDArray array) {
        long classes = array.size(array.rank() - 1);
        long positions = array.length() / classes;
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray flat =
                    Nd4j.create(
                            array.dataType(), new long[] {positions, Math.max(2, classes)}, 'c');
            INDArray own =
                    classes == 1 ? flat.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 2)) : flat;
            own.assign(array.reshape('c', positions, classes));
            return flat;
        }
    }

    /** After the update. */
    Optional<LearntUpdate> finish(At at, MultiDataSet data) {
        if (!following) {
            return Optional.empty();
        }
        following = false;
        if (residuals.isEmpty()) {
            throw new IllegalStateException("the gradient of \"" + logits + "\" was not computed");
        }
        INDArray seed = residual();
        GraphBatch batch = new GraphBatch(input(data), seed);
        Map<String, ParameterUpdate> updates = watch.after(at.iteration(), at.epoch());
        return Optional.of(
                new LearntUpdate(watch.parametersBefore(), Map.of(), updates, 1, batch, ids(data)));
    }

    /** All rows' residuals in the batch's order; shorter micro-batches end in positions of zero. */
    private INDArray residual() {
        Residual first = residuals.get(0);
        INDArray whole = first.rows().length == 0 ? first.values() : joined();
        if (first.rows().length == 0) {
            residuals.clear();
        } else {
            freeResiduals();
        }
        return whole;
    }

    private INDArray joined() {
        INDArray first = residuals.get(0).values();
        long length = residuals.stream().mapToLong(Residual::positions).max().orElse(0);
        int rows = residuals.stream().mapToInt(some -> some.rows().length).sum();
        INDArray whole =
                Nd4j.create(first.dataType(), new long[] {rows * length, first.size(1)}, 'c');
        for (Residual some : residuals) {
            long own = some.positions();
            for (int i = 0; i < some.rows().length; i++) {
                interval(whole, some.rows()[i] * length, own)
                        .assign(interval(some.values(), i * own, own));
            }
        }
        return whole;
    }

    private static INDArray interval(INDArray positions, long from, long count) {
        return positions.get(NDArrayIndex.interval(from, from + count), NDArrayIndex.all());
    }

    /** The batch's arrays for the placeholders that probes give arrays for. */
    private ModelInput input(MultiDataSet data) {
        List<String> features = model.getTrainingConfig().getDataSetFeatureMapping();
        @Nullable List<String> masks = model.getTrainingConfig().getDataSetFeatureMaskMapping();
        @Nullable List<String> labels = model.getTrainingConfig().getDataSetLabelMapping();
        List<INDArray> arrays = new ArrayList<>();
        for (String input : inputs) {
            arrays.add(
                    find(input, features, data.getFeatures())
                            .or(() -> find(input, masks, data.getFeaturesMaskArrays()))
                            .or(() -> find(input, labels, data.getLabels()))
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "the training data must hold placeholder \""
                                                            + input
                                                            + "\"")));
        }
        return new ModelInput(arrays, List.of());
    }

    private static Optional<INDArray> find(
            String name, @Nullable List<String> names, INDArray @Nullable [] arrays) {
        int index = names == null ? -1 : names.indexOf(name);
        return index < 0 || arrays == null ? Optional.empty() : Optional.of(arrays[index]);
    }

    private List<Long> ids(MultiDataSet data) {
        List<INDArray> arrays = new ArrayList<>(Arrays.asList(data.getFeatures()));
        arrays.addAll(Arrays.asList(data.getLabels()));
        return influence.ids(arrays, session::example);
    }

    private void freeResiduals() {
        residuals.forEach(some -> some.values().close());
        residuals.clear();
    }

    @Override
    public void close() {
        freeResiduals();
        watch.close();
    }

    /** The rows of a batch, whose loss is told by its gradient at the logits. */
    private record GraphBatch(ModelInput input, INDArray residual) implements LearntUpdate.Batch {
        @Override
        public LearntUpdate.Pass pass(GradientView view) {
            return new LearntUpdate.Pass(view.observe(input, residual), Optional.of(residual));
        }

        @Override
        public void close() {
            residual.close();
        }
    }
}
