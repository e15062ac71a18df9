package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a graph through an inference session of its own. */
final class SameDiffView implements ModelView {
    private final SameDiff sameDiff;
    private final List<String> inputs;
    private final String logits;
    private final List<DataType> inputTypes = new ArrayList<>();
    private @Nullable GraphSession session;
    private int graphSize;

    SameDiffView(SameDiff sameDiff, List<String> inputs, String logits) {
        this.sameDiff = sameDiff;
        this.inputs = List.copyOf(inputs);
        this.logits = logits;
        if (this.inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs must name at least one placeholder, got 0");
        }
        for (String input : this.inputs) {
            inputTypes.add(GraphNames.placeholder(sameDiff, input).dataType());
        }
        GraphNames.logits(sameDiff, logits);
    }

    /** The user may have added to the graph; else memory is used again. */
    @Override
    public void refresh() {
        int size = sameDiff.getOps().size() + sameDiff.getVariables().size();
        if (session == null || size != graphSize) {
            closeSession();
            session = new GraphSession(sameDiff);
            graphSize = size;
        }
    }

    @Override
    public void applyConstraints(int iteration, int epoch) {
        // SameDiff has no constraints.
    }

    @Override
    public INDArray logits(ModelInput input) {
        return FlatLogits.fromRowMajor(rawLogits(input), logits);
    }

    /** The logits in the graph's own shape. */
    INDArray rawLogits(ModelInput input) {
        return Objects.requireNonNull(values(input, List.of(logits)).get(logits));
    }

    /** Variables that ops of the graph make, by name. */
    Map<String, INDArray> values(ModelInput input, Collection<String> names) {
        GraphSession open = session;
        if (open == null) {
            throw new IllegalStateException("refresh must be called first");
        }
        List<INDArray> given = new ArrayList<>(input.features());
        given.addAll(input.masks());
        if (given.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "the probe must bring one array for each of the placeholders "
                            + inputs
                            + ", got "
                            + given.size());
        }
        return TypedArrays.use(given, inputTypes, arrays -> forward(open, arrays, names));
    }

    private Map<String, INDArray> forward(
            GraphSession open, List<INDArray> arrays, Collection<String> names) {
        Map<String, INDArray> placeholders = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            placeholders.put(inputs.get(i), arrays.get(i));
        }
        return open.pass(names, placeholders);
    }

    @Override
    public void close() {
        closeSession();
    }

    private void closeSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
