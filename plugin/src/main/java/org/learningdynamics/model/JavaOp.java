package org.learningdynamics.model;

import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * An op that a {@link GraphSession} computes in Java. It only stands in graphs that nobody else
 * runs, where it takes the place of native ops that make the same values. It reads dense float32
 * arrays of the CPU backend in c order and writes such arrays.
 */
abstract class JavaOp extends DynamicCustomOp {
    private final String name;

    JavaOp(String name) {
        this.name = name;
    }

    /**
     * Computes the values.
     *
     * @param inputs as the op's inputs stand in the graph
     * @param outputs of the {@link #shapes}, any values in them
     */
    abstract void compute(List<INDArray> inputs, List<INDArray> outputs);

    /**
     * Shapes of the outputs.
     *
     * @param inputs the inputs
     * @return one shape an output
     */
    abstract List<long[]> shapes(List<INDArray> inputs);

    /**
     * Whether the output may stand in the first input's memory, which is then overwritten.
     *
     * @return false unless an op says otherwise; {@link #compute} then gets the same array twice,
     *     or, where others still read the input, one more of its shape
     */
    boolean worksInPlace() {
        return false;
    }

    /** Small integers as float32, closed by the caller. */
    static INDArray floats(INDArray integers) {
        return integers.dataType() == DataType.FLOAT
                ? integers.dup('c')
                : integers.castTo(DataType.FLOAT);
    }

    @Override
    public final String opName() {
        return name;
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> dataTypes) {
        return Collections.nCopies(getNumOutputs(), DataType.FLOAT);
    }

    @Override
    public final List<LongShapeDescriptor> calculateOutputShape(OpContext context) {
        return described(context.getInputArrays());
    }

    /** The {@link #shapes} with their type. */
    final List<LongShapeDescriptor> described(List<INDArray> inputs) {
        return shapes(inputs).stream()
                .map(shape -> LongShapeDescriptor.fromShape(shape, DataType.FLOAT))
                .toList();
    }
}
