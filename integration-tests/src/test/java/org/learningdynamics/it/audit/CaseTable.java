package org.learningdynamics.it.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.learningdynamics.it.audit.GradientCase.Build;
import org.learningdynamics.it.audit.GradientCase.Expectation;
import org.learningdynamics.it.audit.GradientCase.Input;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Collects the cases of the survey; arrays are the same in every process. */
abstract class CaseTable {
    private final List<GradientCase> cases = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(getClass().getName().hashCode());

    /** Every case of this table. */
    final List<GradientCase> cases() {
        if (cases.isEmpty()) {
            fill();
        }
        return cases;
    }

    abstract void fill();

    final void add(
            String call,
            String configuration,
            BiFunction<SameDiff, SDVariable[], SDVariable> build,
            Input... inputs) {
        add(one(call, configuration, build, inputs));
    }

    final void add(GradientCase gradientCase) {
        cases.add(gradientCase);
    }

    static GradientCase one(
            String call,
            String configuration,
            BiFunction<SameDiff, SDVariable[], SDVariable> build,
            Input... inputs) {
        return many(
                call,
                configuration,
                (graph, in) -> new SDVariable[] {build.apply(graph, in)},
                inputs);
    }

    static GradientCase many(String call, String configuration, Build build, Input... inputs) {
        return new GradientCase(
                call,
                configuration,
                GradientCase.ALWAYS,
                "",
                Expectation.DIFFERENCES,
                build,
                List.of(inputs));
    }

    /** Trained values in (−2, 2), none within 0.05 of an integer or of zero. */
    final Input real(long... shape) {
        return between(-2, 2, shape);
    }

    /** Trained values in an interval, away from integers, where many ops have kinks. */
    final Input between(double low, double high, long... shape) {
        double[] values = new double[(int) product(shape)];
        for (int i = 0; i < values.length; i++) {
            do {
                values[i] = low + (high - low) * random.nextDouble();
            } while (Math.abs(values[i] - Math.rint(values[i])) < 0.05);
        }
        return new Input(Nd4j.createFromArray(values).reshape(shape), true);
    }

    static Input fixed(Input input) {
        return new Input(input.array(), false);
    }

    static Input values(double... values) {
        return new Input(Nd4j.createFromArray(values), true);
    }

    static Input ints(int... values) {
        return new Input(Nd4j.createFromArray(values), false);
    }

    static Input ints(int[][] values) {
        return new Input(Nd4j.createFromArray(values), false);
    }

    static Input longs(long... values) {
        return new Input(Nd4j.createFromArray(values), false);
    }

    static Input scalar(double value) {
        return new Input(Nd4j.scalar(DataType.DOUBLE, value), true);
    }

    static Input constant(double... values) {
        return new Input(Nd4j.createFromArray(values), false);
    }

    static Input constant(INDArray array) {
        return new Input(array, false);
    }

    private static long product(long... shape) {
        long product = 1;
        for (long size : shape) {
            product *= size;
        }
        return product;
    }
}
