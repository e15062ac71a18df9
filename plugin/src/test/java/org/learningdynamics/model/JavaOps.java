package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs single ops that are computed in Java. */
final class JavaOps {
    private JavaOps() {}

    /**
     * All results; what stood in their arrays before is not a number. An op that works in place
     * must get the same there.
     */
    static List<INDArray> run(JavaOp op, INDArray... inputs) {
        List<INDArray> outputs = new ArrayList<>();
        for (long[] shape : op.shapes(List.of(inputs))) {
            outputs.add(Nd4j.valueArrayOf(shape, Double.NaN, DataType.FLOAT));
        }
        op.compute(List.of(inputs), outputs);
        if (op.worksInPlace()) {
            List<INDArray> same = new ArrayList<>(List.of(inputs));
            same.set(0, inputs[0].dup('c'));
            op.compute(same, List.of(same.get(0)));
            assertArrayEquals(floats(outputs.get(0)), floats(same.get(0)));
        }
        return outputs;
    }

    static INDArray one(JavaOp op, INDArray... inputs) {
        return run(op, inputs).get(0);
    }

    /** Normal values with a spread. */
    static INDArray normal(int seed, double spread, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian() * spread);
        }
        return array;
    }

    static float[] floats(INDArray array) {
        return array.reshape('c', new long[] {array.length()}).toFloatVector();
    }
}
