package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostExp;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = f(x + b)} of a {@link Gate}, from x [n, d] and b [d]; one pass over memory. */
final class BiasedGateOp extends JavaOp {
    private final Gate gate;

    BiasedGateOp(Gate gate) {
        super("java_biased_gate");
        this.gate = gate;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        RowBias bias = new RowBias(inputs.get(1));
        HostRows.run(x.length() / bias.length(), () -> kernel(bias), List.of(x), outputs);
    }

    private HostRows.Kernel kernel(RowBias bias) {
        HostExp exp = new HostExp();
        return (in, out, rows) -> {
            bias.add(in[0], rows);
            gate.values(in[0], out[0], rows * bias.length(), exp);
        };
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
