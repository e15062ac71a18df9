package org.learningdynamics.model;

import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;

/**
 * Graphs that hold the arrays they are given and nothing else.
 *
 * <p>A graph of {@code SameDiff.create()} keeps a copy of every variable and constant beside it,
 * for devices that might ask later: a graph of a large model then takes its parameters once more,
 * and the time to write them to fresh pages.
 */
public final class SharedArrays {
    private SharedArrays() {}

    /**
     * An empty graph. Reading it from several threads is safe while none of them adds variables.
     *
     * @return a graph without copies, for one device
     */
    public static SameDiff newGraph() {
        SameDiff graph = SameDiff.create();
        graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
        return graph;
    }
}
