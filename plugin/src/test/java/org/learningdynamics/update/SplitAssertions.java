package org.learningdynamics.update;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The identity that every split must fulfil. */
final class SplitAssertions {
    private SplitAssertions() {}

    /** {@code −(scale·D∘g + history + decay)}, evaluated as written, in float64. */
    static INDArray formula(ParameterUpdate update) {
        INDArray sum = wide(update.gradient()).mul(update.scale());
        update.preconditioner().ifPresent(d -> sum.muli(wide(d)));
        update.history().ifPresent(h -> sum.addi(wide(h)));
        update.decay().ifPresent(d -> sum.addi(wide(d)));
        return sum.negi();
    }

    /**
     * The parts add up to the step: to 1e-12 of it in float64, to 1e-5 in float32, beside the
     * rounding of the parameter that the step is the difference of.
     */
    static void assertAddsUp(String what, ParameterUpdate update, INDArray before) {
        boolean exact = update.step().dataType() == DataType.DOUBLE;
        double ulp = exact ? 0x1p-52 : 0x1p-23;
        double step = largest(update.step());
        double tolerance = (exact ? 1e-12 : 1e-5) * step + ulp * largest(before);
        double miss = largest(wide(update.step()).sub(formula(update)));
        assertTrue(step > 1e-5, what + " moved by no more than " + step);
        assertTrue(miss <= tolerance, what + " misses " + miss + " of a step of " + step);
    }

    static double largest(INDArray array) {
        return array.amaxNumber().doubleValue();
    }

    static INDArray wide(INDArray array) {
        return array.castTo(DataType.DOUBLE);
    }
}
