package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostExp;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = f(x)} of a {@link Gate}; one pass over memory. */
final class GateOp extends JavaOp {
    private final Gate gate;

    GateOp(Gate gate) {
        super("java_gate");
        this.gate = gate;
    }

    Gate gate() {
        return gate;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        HostRows.run(inputs.get(0).length(), this::kernel, inputs, outputs);
    }

    private HostRows.Kernel kernel() {
        HostExp exp = new HostExp();
        return (in, out, count) -> gate.values(in[0], out[0], count, exp);
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
