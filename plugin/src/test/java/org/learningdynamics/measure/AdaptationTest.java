package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdaptationTest {
    private static INDArray random(long seed, long... shape) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.randn(DataType.DOUBLE, shape);
    }

    @Test
    void isTheNaiveFormula() {
        INDArray before = random(1, 7, 5);
        INDArray after = random(2, 7, 5);
        double dots = 0;
        double cosines = 0;
        for (int i = 0; i < 7; i++) {
            INDArray a = before.getRow(i);
            INDArray step = after.getRow(i).sub(a);
            double dot = a.mul(step).sumNumber().doubleValue();
            dots += dot / 7;
            double lengths = a.norm2Number().doubleValue() * step.norm2Number().doubleValue();
            cosines += dot / lengths / 7;
        }
        Adaptation found = Adaptation.between(before, after);
        assertEquals(dots, found.dot(), 1e-12);
        assertEquals(cosines, found.cosine(), 1e-12);
    }

    @Test
    void growthAlongItselfHasCosineOneAndShrinkingMinusOne() {
        INDArray a = random(3, 4, 6);
        assertEquals(1, Adaptation.between(a, a.mul(1.25)).cosine(), 1e-12);
        assertEquals(-1, Adaptation.between(a, a.mul(.5)).cosine(), 1e-12);
        double square = a.mul(a).sumNumber().doubleValue() / 4;
        assertEquals(.25 * square, Adaptation.between(a, a.mul(1.25)).dot(), 1e-12);
    }

    @Test
    void whatDidNotMoveCountsAsZero() {
        INDArray a = random(4, 3, 2);
        assertEquals(new Adaptation(0, 0), Adaptation.between(a, a.dup()));
        INDArray one = a.dup();
        one.putRow(0, a.getRow(0).mul(2));
        assertEquals(1.0 / 3, Adaptation.between(a, one).cosine(), 1e-12);
    }

    @Test
    void theFloorBoundsTinyMoves() {
        INDArray a = Nd4j.create(new double[][] {{1e-4, 0}});
        INDArray b = Nd4j.create(new double[][] {{2e-4, 0}});
        assertEquals(1e-8 / Adaptation.COSINE_FLOOR, Adaptation.between(a, b).cosine(), 1e-15);
    }

    @Test
    void takesEveryOrderAndRankOfTheSameValues() {
        INDArray before = random(5, 3, 2, 4);
        INDArray after = random(6, 3, 2, 4);
        Adaptation expected = Adaptation.between(before, after);
        assertEquals(expected, Adaptation.between(before.dup('f'), after));
        assertEquals(expected, Adaptation.between(before.reshape(3, 8), after.reshape(3, 8)));
    }

    @Test
    void doesNotDependOnTheOrderOfExamples() {
        INDArray before = random(7, 2, 3);
        INDArray after = random(8, 2, 3);
        Adaptation swapped =
                Adaptation.between(
                        Nd4j.vstack(before.getRow(1), before.getRow(0)),
                        Nd4j.vstack(after.getRow(1), after.getRow(0)));
        assertEquals(Adaptation.between(before, after).dot(), swapped.dot(), 1e-12);
    }

    @Test
    void aNanOutputMakesBothNan() {
        INDArray before = random(9, 2, 3);
        INDArray after = random(10, 2, 3);
        after.putScalar(1, 1, Double.NaN);
        Adaptation found = Adaptation.between(before, after);
        assertTrue(Double.isNaN(found.dot()) && Double.isNaN(found.cosine()));
    }

    @Test
    void refusesDifferentShapes() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Adaptation.between(random(1, 2, 3), random(1, 3, 2)));
        assertEquals(
                "before and after must have the same shape [N, ...] with N >= 1, got [2, 3] and"
                        + " [3, 2]",
                error.getMessage());
    }
}
