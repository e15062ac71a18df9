package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostExp;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code ∂x = f′(x) · ∂y} of a {@link Gate}, from x and ∂y; one pass over memory. */
final class GateGradientOp extends JavaOp {
    private final Gate gate;

    GateGradientOp(Gate gate) {
        super("java_gate_gradient");
        this.gate = gate;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        HostRows.run(inputs.get(0).length(), this::kernel, inputs, outputs);
    }

    private HostRows.Kernel kernel() {
        HostExp exp = new HostExp();
        float[] near = new float[HostRows.CHUNK];
        return (in, out, count) -> gate.gradients(in[0], in[1], out[0], near, count, exp);
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }
}
