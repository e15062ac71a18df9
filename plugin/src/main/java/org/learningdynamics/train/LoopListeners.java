package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.listener.UpdateListener;
import org.learningdynamics.listener.UpdateListener.MicroBatch;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.ListenerVariables;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.impl.HistoryListener;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The listeners of one call of a loop, in the two orders that {@code SameDiff.fit} has: around an
 * iteration the history, the graph's own, those given; within it the given ones first, the history
 * last.
 */
final class LoopListeners {
    private final SameDiff graph;
    private final SameDiff gradients;
    private final HistoryListener history;
    private final List<Listener> around = new ArrayList<>();
    private final List<Listener> within = new ArrayList<>();

    LoopListeners(SameDiff graph, SameDiff gradients, Listener... given) {
        this.graph = graph;
        this.gradients = gradients;
        history = new HistoryListener(graph.getTrainingConfig());
        around.add(history);
        around.addAll(graph.getListeners());
        around.addAll(Arrays.asList(given));
        around.removeIf(listener -> !listener.isActive(Operation.TRAINING));
        Set<Listener> ordered = new LinkedHashSet<>(Arrays.asList(given));
        ordered.addAll(graph.getListeners());
        ordered.add(history);
        within.addAll(ordered);
        within.removeIf(listener -> !listener.isActive(Operation.TRAINING));
    }

    /** Those that ops call back. */
    List<Listener> within() {
        return within;
    }

    History history() {
        return history.getReport();
    }

    /** Variables that listeners ask to be computed. */
    Set<String> requiredVariables() {
        Set<String> names = new LinkedHashSet<>();
        for (Listener listener : around) {
            @Nullable ListenerVariables wanted = listener.requiredVariables(graph);
            if (wanted != null && wanted.trainingVariables() != null) {
                names.addAll(wanted.trainingVariables());
            }
        }
        for (String name : names) {
            if (!gradients.hasVariable(name)) {
                throw new IllegalStateException(
                        "listeners must ask for variables of the graph, got \"" + name + "\"");
            }
        }
        return names;
    }

    void operationStart() {
        around.forEach(listener -> listener.operationStart(gradients, Operation.TRAINING));
    }

    void operationEnd() {
        around.forEach(listener -> listener.operationEnd(graph, Operation.TRAINING));
    }

    void epochStart(At at) {
        around.forEach(listener -> listener.epochStart(graph, at));
    }

    /** Tells the end of an epoch; true if a listener wants no other. */
    boolean epochEnd(At at, LossCurve losses, long millis) {
        boolean stop = false;
        for (Listener listener : around) {
            stop |= listener.epochEnd(graph, at, losses, millis) == ListenerResponse.STOP;
        }
        return stop;
    }

    void iterationStart(At at, MultiDataSet batch, long loadMillis) {
        around.forEach(listener -> listener.iterationStart(graph, at, batch, loadMillis));
    }

    void microBatchStart(At at, MicroBatch part) {
        for (Listener listener : within) {
            if (listener instanceof UpdateListener follower) {
                follower.microBatchStart(gradients, at, part);
            }
        }
    }

    void gradientsAvailable(At at, Map<String, INDArray> byParameter, UpdateClipping clipping) {
        for (Listener listener : within) {
            if (listener instanceof UpdateListener follower) {
                follower.gradientsAvailable(gradients, at, byParameter, clipping);
            }
        }
    }

    void preUpdate(At at, Variable variable, INDArray update) {
        within.forEach(listener -> listener.preUpdate(gradients, at, variable, update));
    }

    void iterationDone(At at, MultiDataSet batch, Loss loss) {
        within.forEach(listener -> listener.iterationDone(gradients, at, batch, loss));
    }

    /** Whether a listener wants no other update. */
    boolean stop() {
        boolean stop = false;
        for (Listener listener : around) {
            stop |= listener instanceof UpdateListener follower && follower.stops();
        }
        return stop;
    }
}
