package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.config.ExecutionResult;
import org.nd4j.autodiff.samediff.config.SDValue;
import org.nd4j.autodiff.samediff.internal.FrameIter;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Runs a graph again and again. What SameDiff's own session works out in every pass (which ops are
 * needed, what may run next, the shapes of all results, which arrays nobody reads any more) is
 * worked out once here, and arrays are used again by later passes. The ops are the same native
 * ones, and so are the results, bit for bit.
 *
 * <p>Graphs that need more than ops one after the other, such as control flow, run as in SameDiff's
 * session. A graph must not be changed while it has a session. It belongs to one thread.
 */
public class GraphSession extends InferenceSession {
    private final PassMemory memory = new PassMemory();
    private final Map<GraphPlan.Wanted, Optional<GraphPlan>> plans = new HashMap<>();
    private final boolean isInHostOrder;
    private final Set<String> executedOps = new LinkedHashSet<>(); // by SameDiff's session
    private @Nullable GraphPlan current;

    /**
     * A session of a graph that runs ops in the order in which they were defined, as far as their
     * inputs allow.
     *
     * @param graph the graph
     */
    public GraphSession(SameDiff graph) {
        this(graph, false);
    }

    /**
     * A session of a graph.
     *
     * @param graph the graph
     * @param isInHostOrder whether ops are run, and listeners told, in the order of SameDiff's own
     *     session, which then makes the first pass for each set of variables
     */
    protected GraphSession(SameDiff graph, boolean isInHostOrder) {
        super(graph);
        this.isInHostOrder = isInHostOrder;
        setMmgr(memory);
    }

    /**
     * One pass without listeners.
     *
     * @param variables names of the variables wanted
     * @param placeholders by name
     * @return the arrays, closed by the caller, but for placeholders, constants and parameters,
     *     which are handed out as they are
     */
    public Map<String, INDArray> pass(
            Collection<String> variables, Map<String, INDArray> placeholders) {
        startUpdate();
        return output(
                new ArrayList<>(variables),
                placeholders,
                null,
                Set.of(),
                List.of(),
                At.defaultAt(Operation.INFERENCE));
    }

    /** Before the passes of an update; arrays kept from the update before must be back. */
    public void startUpdate() {
        freedArrays.clear(); // ids of arrays are new in every pass
        memory.startUpdate();
    }

    /**
     * Gives an array that a pass kept back to the passes to come.
     *
     * @param array the array, not read any more
     */
    public void release(INDArray array) {
        memory.release(array);
    }

    /**
     * Takes an array as memory of passes to come.
     *
     * @param array the caller's own, not read any more
     */
    void giveBack(INDArray array) {
        memory.adopt(array);
    }

    /** Frees what is kept for the next pass; the session can be used again. */
    public void close() {
        plans.clear();
        memory.close();
    }

    /**
     * Is told every op's results, after the listeners.
     *
     * @param op the op
     * @param results in the order of its outputs; none where control flow left one out
     * @param isComputed whether they are arrays of its own, not the input under another name
     */
    protected void executed(SameDiffOp op, @Nullable INDArray[] results, boolean isComputed) {
        // For those who want to know.
    }

    /**
     * Whether the pass under way runs an op.
     *
     * @param op its name
     * @return true before and after it has run
     */
    protected final boolean runs(String op) {
        GraphPlan plan = current;
        return plan == null ? subgraphOps.contains(op) : plan.runs(op);
    }

    @Override
    public ExecutionResult output(
            List<String> variables,
            Map<String, INDArray> placeholders,
            Map<String, SDValue> otherPlaceholders,
            MultiDataSet batch,
            Collection<String> requiredActivations,
            List<Listener> listeners,
            At at) {
        GraphPlan.Wanted wanted =
                new GraphPlan.Wanted(Set.copyOf(variables), Set.copyOf(requiredActivations));
        if (!isInHostOrder) {
            plans.computeIfAbsent(wanted, names -> GraphPlan.of(sameDiff, names));
        }
        GraphPlan plan =
                plans.getOrDefault(wanted, Optional.empty())
                        .filter(found -> isFed(found, placeholders, otherPlaceholders))
                        .orElse(null);
        current = plan;
        if (plan == null) {
            executedOps.clear();
            ExecutionResult result =
                    super.output(
                            variables,
                            placeholders,
                            otherPlaceholders,
                            batch,
                            requiredActivations,
                            listeners,
                            at);
            plans.computeIfAbsent(
                    wanted, names -> GraphPlan.of(sameDiff, names, List.copyOf(executedOps)));
            return result;
        }
        INDArray[] values = run(plan, placeholders, new Callbacks(batch, listeners, at));
        Map<String, SDValue> results = new LinkedHashMap<>();
        for (String name : variables) {
            results.put(name, SDValue.create(values[plan.slot(name)]));
        }
        return ExecutionResult.builder().valueOutputs(results).build();
    }

    /**
     * Whether every placeholder has an array of its type; SameDiff's session casts, or complains.
     */
    private boolean isFed(
            GraphPlan plan, Map<String, INDArray> placeholders, Map<String, SDValue> others) {
        if (!others.isEmpty() || sameDiff.isDebugMode()) {
            return false;
        }
        for (String source : plan.sources()) {
            SDVariable variable = sameDiff.getVariable(source);
            if (variable.isPlaceHolder()) {
                INDArray given = placeholders == null ? null : placeholders.get(source);
                if (given == null || given.dataType() != variable.dataType()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whom a pass tells about its ops. */
    private record Callbacks(MultiDataSet batch, List<Listener> listeners, At at) {
        List<Listener> active() {
            return listeners == null
                    ? List.of()
                    : listeners.stream().filter(each -> each.isActive(at.operation())).toList();
        }
    }

    private INDArray[] run(
            GraphPlan plan, Map<String, INDArray> placeholders, Callbacks callbacks) {
        INDArray[] values = new INDArray[plan.slotCount()];
        for (String source : plan.sources()) {
            INDArray given = placeholders == null ? null : placeholders.get(source);
            values[plan.slot(source)] = given == null ? getConstantOrVariable(source) : given;
        }
        List<Listener> listeners = callbacks.active();
        callbacks.at().setFrameIter(new FrameIter(OUTER_FRAME, 0, null));
        for (GraphStep step : plan.steps()) {
            step.prepare(values, memory);
            for (Listener listener : listeners) {
                listener.preOpExecution(sameDiff, callbacks.at(), step.op(), step.context());
            }
            step.compute();
            INDArray[] results = step.results();
            listeners.forEach(listener -> tell(listener, callbacks, step, results));
            executed(step.op(), results, step.isComputed());
            for (int slot : step.finished()) {
                memory.release(values[slot]);
            }
        }
        plan.steps().forEach(step -> step.end(values, memory));
        return values;
    }

    private void tell(Listener listener, Callbacks callbacks, GraphStep step, INDArray[] results) {
        SameDiffOp op = step.op();
        At at = callbacks.at();
        listener.opExecution(sameDiff, at, callbacks.batch(), op, step.context(), results);
        Map<String, INDArray> named = new HashMap<>(); // in its order, as the host's session
        for (int i = 0; i < results.length; i++) {
            named.put(op.getOutputsOfOp().get(i), results[i]);
        }
        named.forEach(
                (name, array) ->
                        listener.activationAvailable(
                                sameDiff, at, callbacks.batch(), op, name, array));
    }

    @Override
    public ExecutionResult getOutputs(
            Pair<SameDiffOp, OpContext> op,
            FrameIter frame,
            Set<VarId> inputs,
            Set<VarId> inputsOfAllIterations,
            Set<String> constantsAndPlaceholders,
            List<Listener> listeners,
            At at,
            MultiDataSet batch,
            Set<String> required,
            Map<String, SDValue> otherPlaceholders) {
        ExecutionResult result =
                super.getOutputs(
                        op,
                        frame,
                        inputs,
                        inputsOfAllIterations,
                        constantsAndPlaceholders,
                        listeners,
                        at,
                        batch,
                        required,
                        otherPlaceholders);
        executedOps.add(op.getFirst().getName());
        @Nullable INDArray[] results = new INDArray[op.getFirst().getOutputsOfOp().size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = result.hasSingle() ? result.resultAt(i) : passedOn(result, i);
        }
        executed(op.getFirst(), results, result.hasSingle());
        return result;
    }

    private static @Nullable INDArray passedOn(ExecutionResult result, int index) {
        SDValue value = result.valueWithKeyAtIndex(index, false);
        return value == null ? null : value.getTensorValue();
    }

    @Override
    public ExecutionResult doExec(
            DifferentialFunction op,
            OpContext context,
            FrameIter frame,
            Set<VarId> inputs,
            Set<VarId> inputsOfAllIterations,
            Set<String> constantsAndPlaceholders,
            Map<String, SDValue> otherPlaceholders) {
        if (op instanceof JavaOp java) {
            java.compute(context.getInputArrays(), context.getOutputArrays());
            return ExecutionResult.createFrom(java, context);
        }
        return super.doExec(
                op,
                context,
                frame,
                inputs,
                inputsOfAllIterations,
                constantsAndPlaceholders,
                otherPlaceholders);
    }
}
