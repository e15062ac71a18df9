package org.learningdynamics.it.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.learningdynamics.it.audit.GradientCase.Expectation;
import org.learningdynamics.it.audit.GradientCase.Input;
import org.learningdynamics.model.GradientVerdict;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares the gradient of one case with central differences of fourth order in float64. The loss
 * is {@code Σ_i c_i·out_i} with random {@code c}, so that a backward pass that ignores its incoming
 * gradient is found out. Every gradient is computed twice and must be the same.
 */
final class GradientCheck {
    /** Where an op's inputs come from. */
    enum Source {
        /** Variables of the graph. */
        VARIABLE,
        /** Outputs of other ops. */
        ACTIVATION
    }

    private static final double STEP = 2e-4;
    private static final double SMALLEST_SCALE = 1e-3;

    private final GradientCase gradientCase;
    private final Source source;
    private final SameDiff graph = SameDiff.create();
    private final Map<String, INDArray> trained = new LinkedHashMap<>();
    private final List<String> ops = new ArrayList<>();

    private GradientCheck(GradientCase gradientCase, Source source) {
        this.gradientCase = gradientCase;
        this.source = source;
    }

    static Outcome run(GradientCase gradientCase, Source source) {
        GradientCheck check = new GradientCheck(gradientCase, source);
        try {
            SDVariable loss = check.defineOrRefuse();
            return gradientCase.expectation() == Expectation.FINITE
                    ? check.finite(loss)
                    : check.compare(loss);
        } catch (UnusableException e) {
            return Outcome.unusable(e, check.ops);
        } catch (Exception | Error e) {
            return Outcome.thrown(e, check.ops);
        }
    }

    /** An op that cannot even be used forwards says nothing about gradients. */
    private SDVariable defineOrRefuse() {
        try {
            return define();
        } catch (Exception | Error e) {
            throw new UnusableException(e);
        }
    }

    private SDVariable define() {
        SDVariable[] inputs = new SDVariable[gradientCase.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(i, gradientCase.inputs().get(i));
        }
        int before = graph.ops().length;
        SDVariable[] outputs = gradientCase.build().build(graph, inputs);
        for (int i = before; i < graph.ops().length; i++) {
            ops.add(graph.ops()[i].opName());
        }
        SDVariable loss = weighted(outputs);
        graph.setLossVariables(loss);
        return loss;
    }

    private SDVariable input(int index, Input input) {
        String name = "in" + index;
        INDArray array = input.array().dup();
        if (!input.trained()) {
            return graph.constant(name, array);
        }
        trained.put(name, array);
        SDVariable variable = graph.var(name, array);
        return source == Source.VARIABLE ? variable : variable.mul(1.0);
    }

    /** Thrown when the forward pass fails. */
    private static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(Throwable cause) {
            super(cause);
        }
    }

    private SDVariable weighted(SDVariable[] outputs) {
        SDVariable loss = graph.constant(Nd4j.scalar(DataType.DOUBLE, 0));
        SplittableRandom random = new SplittableRandom(7);
        boolean plain = gradientCase.expectation() == Expectation.SUM_DIFFERENCES;
        for (SDVariable output : outputs) {
            long[] shape = graph.output(Map.of(), output.name()).get(output.name()).shape();
            INDArray weights = Nd4j.createUninitialized(DataType.DOUBLE, shape);
            for (long i = 0; i < weights.length(); i++) {
                weights.putScalar(i, plain ? 1 : 0.3 + random.nextDouble());
            }
            if (!output.dataType().isFPType()) {
                throw new IllegalStateException("output of type " + output.dataType());
            }
            SDVariable typed =
                    output.dataType() == DataType.DOUBLE ? output : output.castTo(DataType.DOUBLE);
            loss = loss.add(typed.mul(graph.constant(weights)).sum());
        }
        return loss;
    }

    private Outcome finite(SDVariable loss) {
        double value = graph.output(Map.of(), loss.name()).get(loss.name()).getDouble(0);
        if (!Double.isFinite(value)) {
            return new Outcome(GradientVerdict.NOT_FINITE, true, Double.NaN, ops, "value " + value);
        }
        for (INDArray gradient : gradients().values()) {
            for (long i = 0; i < gradient.length(); i++) {
                if (!Double.isFinite(gradient.getDouble(i))) {
                    return new Outcome(
                            GradientVerdict.NOT_FINITE,
                            true,
                            Double.NaN,
                            ops,
                            "gradient " + gradient.getDouble(i));
                }
            }
        }
        return new Outcome(GradientVerdict.EXACT, true, 0, ops, "");
    }

    private Outcome compare(SDVariable loss) {
        Map<String, INDArray> numeric = new LinkedHashMap<>();
        trained.forEach((name, array) -> numeric.put(name, differences(loss, name)));
        Map<String, INDArray> first = gradients();
        Map<String, INDArray> second = gradients();
        double worst = 0;
        String where = "";
        for (String name : trained.keySet()) {
            if (!java.util.Arrays.equals(first.get(name).shape(), trained.get(name).shape())) {
                return Outcome.ofError(
                        1,
                        ops,
                        "gradient of "
                                + name
                                + " has another shape: "
                                + Words.shape(first.get(name).shape()));
            }
            double error = error(first.get(name), numeric.get(name));
            if (!(error <= worst)) {
                worst = error;
                where = "at input " + name.substring(2);
            }
            if (!(error(second.get(name), first.get(name)) <= 1e-12)) {
                return Outcome.ofError(
                        1, ops, "two calls give two gradients at input " + name.substring(2));
            }
        }
        return Outcome.ofError(Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst, ops, where);
    }

    private Map<String, INDArray> gradients() {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        graph.calculateGradients(Map.of(), trained.keySet())
                .forEach((name, gradient) -> copies.put(name, gradient.dup()));
        return copies;
    }

    private INDArray differences(SDVariable loss, String name) {
        INDArray array = graph.getVariable(name).getArr();
        INDArray result = array.dup();
        for (long i = 0; i < array.length(); i++) {
            double center = array.getDouble(i);
            double near = at(loss, array, i, center + STEP) - at(loss, array, i, center - STEP);
            double far =
                    at(loss, array, i, center + 2 * STEP) - at(loss, array, i, center - 2 * STEP);
            array.putScalar(i, center);
            result.putScalar(i, (8 * near - far) / (12 * STEP));
        }
        return result;
    }

    private double at(SDVariable loss, INDArray array, long index, double value) {
        array.putScalar(index, value);
        return graph.output(Map.of(), loss.name()).get(loss.name()).getDouble(0);
    }

    private static double error(INDArray actual, INDArray expected) {
        double scale = SMALLEST_SCALE;
        double worst = 0;
        for (long i = 0; i < expected.length(); i++) {
            scale = Math.max(scale, Math.abs(expected.getDouble(i)));
        }
        for (long i = 0; i < expected.length(); i++) {
            worst = Math.max(worst, Math.abs(actual.getDouble(i) - expected.getDouble(i)));
        }
        return worst / scale;
    }
}
