package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Puts ops in an order in which each comes after those that make its inputs, and else in an order
 * that is given. In the order of its definition a gradient graph makes the gradients of a layer's
 * parameters while what they need is still there for other reasons.
 */
final class OpOrder {
    private final Map<String, Integer> waitingFor = new HashMap<>();
    private final Map<String, List<SameDiffOp>> followers = new HashMap<>();
    private final PriorityQueue<SameDiffOp> ready;

    private OpOrder(SameDiff graph, Map<String, SameDiffOp> ops, List<String> order) {
        Map<String, Integer> places = new HashMap<>();
        order.forEach(name -> places.put(name, places.size()));
        ready =
                new PriorityQueue<>(
                        Comparator.comparing(
                                (SameDiffOp op) ->
                                        Objects.requireNonNull(places.get(op.getName()))));
        ops.values().forEach(op -> add(graph, op));
    }

    private void add(SameDiff graph, SameDiffOp op) {
        Set<String> makers = new LinkedHashSet<>();
        for (String input : GraphPlan.inputs(op)) {
            String maker = GraphPlan.variable(graph, input).getOutputOfOp();
            if (maker != null) {
                makers.add(maker);
            }
        }
        for (String maker : makers) {
            followers.computeIfAbsent(maker, m -> new ArrayList<>()).add(op);
        }
        waitingFor.put(op.getName(), makers.size());
        if (makers.isEmpty()) {
            ready.add(op);
        }
    }

    /**
     * Orders.
     *
     * @param graph the graph
     * @param ops by name, with every op that makes an input of theirs
     * @param order names of all of them, in the order wanted
     * @return nothing if ops wait for each other
     */
    static Optional<List<SameDiffOp>> of(
            SameDiff graph, Map<String, SameDiffOp> ops, List<String> order) {
        List<SameDiffOp> ordered = new OpOrder(graph, ops, order).run();
        return ordered.size() == ops.size() ? Optional.of(ordered) : Optional.empty();
    }

    private List<SameDiffOp> run() {
        List<SameDiffOp> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            SameDiffOp next = ready.remove();
            ordered.add(next);
            for (SameDiffOp follower : followers.getOrDefault(next.getName(), List.of())) {
                if (waitingFor.merge(follower.getName(), -1, Integer::sum) == 0) {
                    ready.add(follower);
                }
            }
        }
        return ordered;
    }
}
