package org.learningdynamics.model;

import java.util.Set;
import org.learningdynamics.measure.HostRows;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Puts ops that are computed in Java, one pass over memory each, in the place of chains of
 * SameDiff's slow element-wise ops: norms, biases, activations, softmax, log-probabilities of
 * labels, rows picked from tables, and their gradients. They are found by what the ops are and how
 * they are wired, whoever wrote them.
 *
 * <p>Values stay what they are, up to rounding in float32. What a chain had computed in between
 * stays in the graph: it runs if it is asked for, and only then. Ops of other types than float32
 * and of other backends than the CPU's stay as they are.
 */
public final class FusedOps {
    private FusedOps() {}

    /**
     * Replaces ops of a forward graph in place.
     *
     * @param graph that nobody but a {@link GraphSession} runs, and that is not differentiated
     */
    public static void fuse(SameDiff graph) {
        fuse(graph, graph.getOps().keySet(), Set.of());
    }

    /**
     * Replaces ops of a gradient graph in place.
     *
     * @param gradients that nobody but a {@link GraphSession} runs
     * @param forward names of those of its ops that were differentiated
     * @param wanted names of gradients that will be asked for, each to be an array of its own
     */
    static void fuse(SameDiff gradients, Set<String> forward, Set<String> wanted) {
        GradientOps ops = new GradientOps(gradients, forward);
        SumFusion sums = new SumFusion(ops, wanted);
        LookupFusion lookups = new LookupFusion(ops);
        NormFusion norms = new NormFusion(ops);
        LogProbFusion logProbs = new LogProbFusion(ops);
        RotaryFusion rotary = new RotaryFusion(ops);
        GateFusion gates = new GateFusion(ops);
        MatmulFusion products = new MatmulFusion(ops);
        AxesFusion axes = new AxesFusion(ops);
        SoftmaxFusion softmax = new SoftmaxFusion(ops);
        ops.all().forEach(sums::fuse);
        for (SameDiffOp op : ops.all()) {
            if (ops.isForward(op)) {
                lookups.fuse(op);
                norms.fuse(op);
                rotary.fuse(op);
                logProbs.fuse(op);
                gates.fuse(op);
                ErfGate.fuse(ops, op);
            }
        }
        ops.all().forEach(softmax::fuse);
        ops.all().forEach(softmax::fuseGradient);
        ops.all().forEach(products::fuse);
        ops.all().forEach(axes::fuseSplit);
        ops.all().forEach(axes::fusePermuted);
        ops.all().forEach(op -> addRowsInPlace(ops, op));
    }

    private static void addRowsInPlace(GradientOps ops, SameDiffOp op) {
        if (op.getOp().opName().equals("scatter_add")
                && op.getInputsToOp().size() == 3
                && fits(ops, op)) {
            ops.replace(op, new RowsAddedOp(), op.getInputsToOp(), op.getOutputsOfOp());
        }
    }

    /** Whether an op's first result may be computed in Java. */
    static boolean fits(GradientOps ops, SameDiffOp op) {
        return HostRows.supports(ops.typeOf(op.getOutputsOfOp().get(0)));
    }
}
