package org.learningdynamics.model;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.config.ExecutionResult;
import org.nd4j.autodiff.samediff.config.SDValue;
import org.nd4j.autodiff.samediff.internal.FrameIter;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.ops.OpContext;

/** Runs a graph that may hold a {@link JavaOp}. */
public class GraphSession extends InferenceSession {
    /**
     * A session of a graph.
     *
     * @param graph the graph
     */
    public GraphSession(SameDiff graph) {
        super(graph);
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
