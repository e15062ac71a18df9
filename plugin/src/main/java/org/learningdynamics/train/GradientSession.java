package org.learningdynamics.train;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.model.GraphSession;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.config.SDValue;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Runs a gradient graph again and again in the same arrays, and tells the arrays that are asked for
 * as they are computed, after the listeners have seen them.
 */
final class GradientSession extends GraphSession {
    private final Map<String, Integer> readersLeft = new HashMap<>();
    private @Nullable BiConsumer<String, INDArray> sink;
    private Set<String> watched = Set.of();
    private Set<String> named = Set.of();

    GradientSession(SameDiff gradients) {
        super(gradients, true);
    }

    SameDiff graph() {
        return sameDiff;
    }

    /**
     * One forward and backward pass.
     *
     * @param kept variables whose arrays stay valid until they are {@link #release released}
     * @param computed variables that are computed too; their arrays are for other ops as soon as
     *     {@code told} has seen them
     * @param parameters variables whose {@link #isRead readers} are to be counted
     * @param told is told the arrays of {@code kept} and {@code computed}
     */
    void run(
            Pass pass,
            List<String> kept,
            Collection<String> computed,
            Set<String> parameters,
            BiConsumer<String, INDArray> told) {
        freedArrays.clear(); // ids of arrays are new in every pass
        readersLeft.clear();
        watched = parameters;
        named = new HashSet<>(kept);
        named.addAll(computed);
        sink = told;
        try {
            output(
                    kept,
                    pass.placeholders(),
                    Map.<String, SDValue>of(),
                    pass.batch(),
                    new HashSet<>(computed),
                    pass.listeners(),
                    pass.at());
        } finally {
            sink = null;
        }
    }

    /**
     * What goes through the graph.
     *
     * @param placeholders by name
     * @param batch the same for listeners
     * @param listeners that are called back
     * @param at the update
     */
    record Pass(
            Map<String, INDArray> placeholders,
            MultiDataSet batch,
            List<Listener> listeners,
            At at) {}

    /** Whether an op that reads a parameter is still to be run in this pass. */
    boolean isRead(String parameter) {
        return readersLeft.computeIfAbsent(parameter, this::readers) > 0;
    }

    private int readers(String variable) {
        Variable found = Objects.requireNonNull(sameDiff.getVariables().get(variable), variable);
        List<String> ops = found.getInputsForOp();
        return ops == null ? 0 : (int) ops.stream().distinct().filter(this::runs).count();
    }

    @Override
    protected void executed(SameDiffOp op, @Nullable INDArray[] results, boolean isComputed) {
        countDown(op);
        BiConsumer<String, INDArray> told = sink;
        for (int i = 0; told != null && i < results.length; i++) {
            INDArray array = results[i];
            if (array != null && named.contains(op.getOutputsOfOp().get(i))) {
                // What an op only hands on may be read under its other name too.
                told.accept(op.getOutputsOfOp().get(i), isComputed ? array : array.dup());
            }
        }
    }

    private void countDown(SameDiffOp op) {
        List<String> inputs = op.getInputsToOp();
        if (inputs != null) {
            inputs.stream()
                    .distinct()
                    .filter(watched::contains)
                    .forEach(
                            name ->
                                    readersLeft.merge(
                                            name, readers(name) - 1, (left, all) -> left - 1));
        }
    }
}
