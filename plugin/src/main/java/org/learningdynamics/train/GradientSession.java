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
import org.nd4j.autodiff.samediff.config.ExecutionResult;
import org.nd4j.autodiff.samediff.config.SDValue;
import org.nd4j.autodiff.samediff.internal.FrameIter;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Runs a gradient graph again and again in the same arrays, and tells every array as it is
 * computed, after the listeners have seen it.
 */
final class GradientSession extends GraphSession {
    private final PassMemory memory = new PassMemory();
    private final Map<String, Integer> readersLeft = new HashMap<>();
    private @Nullable BiConsumer<String, INDArray> sink;
    private Set<String> watched = Set.of();

    GradientSession(SameDiff gradients) {
        super(gradients);
        setMmgr(memory);
    }

    /** Before the passes of an update; arrays kept from the update before must be back. */
    void startUpdate() {
        memory.startUpdate();
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
     * @param told is told every array
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
        return ops == null
                ? 0
                : (int) ops.stream().distinct().filter(subgraphOps::contains).count();
    }

    /** Gives an array that was kept back to the passes to come. */
    void release(INDArray array) {
        memory.release(array);
    }

    void close() {
        memory.close();
    }

    @Override
    public ExecutionResult getOutputs(
            Pair<SameDiffOp, OpContext> opPair,
            FrameIter outputFrameIter,
            Set<VarId> opInputs,
            Set<VarId> allIterInputs,
            Set<String> constAndPhInputs,
            List<Listener> listeners,
            At at,
            MultiDataSet batch,
            Set<String> allReqVariables,
            Map<String, SDValue> otherPlaceHolders) {
        ExecutionResult result =
                super.getOutputs(
                        opPair,
                        outputFrameIter,
                        opInputs,
                        allIterInputs,
                        constAndPhInputs,
                        listeners,
                        at,
                        batch,
                        allReqVariables,
                        otherPlaceHolders);
        SameDiffOp op = opPair.getFirst();
        countDown(op);
        tell(op, result);
        return result;
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

    private void tell(SameDiffOp op, ExecutionResult result) {
        BiConsumer<String, INDArray> told = sink;
        List<String> outputs = op.getOutputsOfOp();
        for (int i = 0; told != null && i < outputs.size(); i++) {
            INDArray array = result.hasSingle() ? result.resultAt(i) : passedOn(result, i);
            if (array != null) {
                told.accept(outputs.get(i), array);
            }
        }
    }

    /** What an op only hands on may be read under its other name too. */
    private static @Nullable INDArray passedOn(ExecutionResult result, int index) {
        SDValue value = result.valueWithKeyAtIndex(index, false);
        INDArray array = value == null ? null : value.getTensorValue();
        return array == null ? null : array.dup();
    }
}
