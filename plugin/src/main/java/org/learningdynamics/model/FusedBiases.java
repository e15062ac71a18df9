package org.learningdynamics.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Lets ops that are computed in Java add the biases before or behind them, where each would be one
 * more pass over memory: that of a norm, of what a gate reads, and of what is added to another
 * array. For forward graphs, behind {@link FusedOps#fuse(SameDiff)}.
 */
public final class FusedBiases {
    private final GradientOps ops;

    private FusedBiases(SameDiff graph) {
        ops = new GradientOps(graph);
    }

    /** {@code x + b} and the op that makes it. */
    private record Sum(SameDiffOp op, String x, String bias) {
        String output() {
            return op.getOutputsOfOp().get(0);
        }
    }

    /**
     * Replaces ops in place; values stay what they are. Other ops than those named keep their sum.
     *
     * @param graph that nobody but a {@link GraphSession} runs, and that is not differentiated
     * @param sums names of variables {@code x + b}, of rows and a bias for each of their columns;
     *     where one is added to another variable that has its shape // [n, d] + [d] or [1, d]
     */
    public static void fuse(SameDiff graph, Collection<String> sums) {
        FusedBiases biases = new FusedBiases(graph);
        sums.forEach(biases::fuse);
    }

    private void fuse(String variable) {
        Optional<Sum> found =
                ops.makerOf(variable, "add")
                        .filter(op -> FusedOps.fits(ops, op))
                        .map(
                                op ->
                                        new Sum(
                                                op,
                                                op.getInputsToOp().get(0),
                                                op.getInputsToOp().get(1)));
        found.ifPresent(this::fuse);
    }

    private void fuse(Sum sum) {
        Optional<SameDiffOp> maker = ops.makerOf(sum.x());
        List<SameDiffOp> readers = ops.opsReading(sum.output());
        Optional<SameDiffOp> gate =
                readers.stream().filter(op -> op.getOp() instanceof GateOp).findFirst();
        if (maker.isPresent() && maker.get().getOp() instanceof NormOp norm) {
            List<String> read = maker.get().getInputsToOp(); // x and gain
            JavaOp fused = new BiasedNormOp(norm.norm());
            replace(sum.op(), fused, read.get(0), read.get(1), sum.bias());
        } else if (gate.isPresent()) { // the ops it was made of read the sum as well
            JavaOp fused = new BiasedGateOp(((GateOp) gate.get().getOp()).gate());
            replace(gate.get(), fused, sum.x(), sum.bias());
        } else if (readers.size() == 1 && readers.get(0).getOp().opName().equals("add")) {
            List<String> terms = readers.get(0).getInputsToOp();
            String other = terms.get(terms.get(0).equals(sum.output()) ? 1 : 0);
            replace(readers.get(0), new BiasedSumOp(), sum.x(), other, sum.bias());
        }
    }

    private void replace(SameDiffOp op, JavaOp fused, String... inputs) {
        ops.replace(op, fused, List.of(inputs), op.getOutputsOfOp());
    }
}
