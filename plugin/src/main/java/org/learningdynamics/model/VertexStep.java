package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex without layer and parameters, as the host runs it. */
final class VertexStep implements NetworkStep {
    private final GraphVertex vertex;

    VertexStep(GraphVertex vertex) {
        this.vertex = vertex;
    }

    @Override
    public INDArray forward(List<INDArray> inputs, Pass pass) {
        for (int i = 0; i < inputs.size(); i++) {
            vertex.setInput(i, inputs.get(i), pass.workspaces());
        }
        return vertex.doForward(true, pass.workspaces());
    }

    @Override
    public List<Optional<INDArray>> backward(INDArray epsilon, Pass pass, boolean below) {
        vertex.setEpsilon(epsilon);
        INDArray[] gradients = vertex.doBackward(false, pass.workspaces()).getSecond();
        return Arrays.stream(gradients).map(Optional::ofNullable).toList();
    }

    @Override
    public boolean hasParameters() {
        return false;
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public void clear() {
        vertex.clear();
    }
}
