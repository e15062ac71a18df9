package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** One op of a {@link GraphPlan}, ready to run again and again. */
final class GraphStep {
    /** How the outputs come about. */
    enum Kind {
        /** Computed into arrays of their own. */
        COMPUTED,
        /** The input itself. */
        PASSED_ON,
        /** The input's memory in another shape. */
        RESHAPED,
        /** Computed into the first input's memory. */
        IN_PLACE
    }

    private final SameDiffOp op;
    private final int[] inputs; // slots
    private final int[] outputs; // slots
    private final Kind kind;
    private final int[] finished; // slots whose memory is free after this step
    private final DataType[] types; // of the outputs, as the graph says
    private final OpContext context = Nd4j.getExecutioner().buildContext();
    private final StepShapes shapes;

    GraphStep(
            SameDiff graph, SameDiffOp op, int[] inputs, int[] outputs, Kind kind, int[] finished) {
        this.op = op;
        this.inputs = inputs;
        this.outputs = outputs;
        this.kind = kind;
        this.finished = finished;
        types =
                op.getOutputsOfOp().stream()
                        .map(name -> graph.getVariable(name).dataType())
                        .toArray(DataType[]::new);
        shapes = new StepShapes(op.getOp().opName());
        if (op.getOp() instanceof DynamicCustomOp custom) {
            context.setIArguments(custom.iArgs());
            context.setTArguments(custom.tArgs());
            context.setBArguments(custom.bArgs());
            context.setDArguments(custom.dArgs());
        }
    }

    SameDiffOp op() {
        return op;
    }

    OpContext context() {
        return context;
    }

    int[] finished() {
        return finished;
    }

    /** Whether the outputs are arrays of this op's own. */
    boolean isComputed() {
        return kind == Kind.COMPUTED || kind == Kind.IN_PLACE;
    }

    /** Puts inputs and memory for the outputs in their places. */
    void prepare(INDArray[] values, PassMemory memory) {
        INDArray[] given = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            given[i] = values[inputs[i]];
            if (context.getInputArray(i) != given[i]) {
                context.setInputArray(i, given[i]);
            }
        }
        switch (kind) {
            case PASSED_ON -> values[outputs[0]] = given[0];
            case RESHAPED ->
                    values[outputs[0]] = given[0].reshape('c', shapes(given).get(0).getShape());
            case IN_PLACE -> values[outputs[0]] = given[0];
            case COMPUTED -> allocate(shapes(given), values, memory);
        }
        for (int i = 0; i < outputs.length; i++) {
            if (context.getOutputArray(i) != values[outputs[i]]) {
                context.setOutputArray(i, values[outputs[i]]);
            }
        }
    }

    private void allocate(List<LongShapeDescriptor> shapes, INDArray[] values, PassMemory memory) {
        for (int i = 0; i < outputs.length; i++) {
            LongShapeDescriptor shape = shapes.get(i);
            boolean isTyped = op.getOp() instanceof Op || shape.dataType() == types[i];
            values[outputs[i]] =
                    memory.allocate(false, isTyped ? shape : shape.asDataType(types[i]));
        }
    }

    private List<LongShapeDescriptor> shapes(INDArray[] given) {
        DifferentialFunction function = op.getOp();
        List<LongShapeDescriptor> found =
                function instanceof DynamicCustomOp custom
                        ? shapes.of(given, () -> custom.calculateOutputShape(context))
                        : ((BaseOp) function).calculateOutputShape(context);
        if (found == null || found.size() != outputs.length) {
            throw new IllegalStateException(
                    "op \""
                            + op.getName()
                            + "\" ("
                            + function.opName()
                            + ") must have "
                            + outputs.length
                            + " outputs for inputs "
                            + Arrays.stream(given).map(INDArray::shapeInfoToString).toList()
                            + ", got shapes "
                            + found);
        }
        return found;
    }

    /** Runs the op. */
    void compute() {
        DifferentialFunction function = op.getOp();
        if (function instanceof JavaOp java) {
            java.compute(context.getInputArrays(), context.getOutputArrays());
        } else if (!isComputed()) {
            return;
        } else if (function instanceof DynamicCustomOp custom) {
            Nd4j.exec(custom, context);
        } else {
            Nd4j.exec((Op) function, context);
        }
    }

    /** What came out, in the order of the op's outputs. */
    INDArray[] results(INDArray[] values) {
        return Arrays.stream(outputs).mapToObj(slot -> values[slot]).toArray(INDArray[]::new);
    }
}
