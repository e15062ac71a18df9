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
        /** The input itself if it has the shape, or else a copy that has it. */
        HANDED_ON,
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
    private INDArray[] given = {}; // in the pass under way
    private INDArray[] made = {};

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

    /** What native ops, and those who look on, find their arrays in. */
    OpContext context() {
        setInputs();
        for (int i = 0; i < made.length; i++) {
            if (context.getOutputArray(i) != made[i]) {
                context.setOutputArray(i, made[i]);
            }
        }
        return context;
    }

    /** Arrays that are there already stay; each takes a native call. */
    private void setInputs() {
        for (int i = 0; i < given.length; i++) {
            if (context.getInputArray(i) != given[i]) {
                context.setInputArray(i, given[i]);
            }
        }
    }

    int[] finished() {
        return finished;
    }

    /** Whether the outputs are arrays of this op's own. */
    boolean isComputed() {
        return kind == Kind.COMPUTED || kind == Kind.IN_PLACE || isCopy();
    }

    /** Whether an input that could have been handed on was copied. */
    @SuppressWarnings("ReferenceEquality") // the same array is the point
    private boolean isCopy() {
        return kind == Kind.HANDED_ON && given[0] != made[0];
    }

    /** After the last op: frees what was kept to be handed on, and then was copied. */
    void end(INDArray[] values, PassMemory memory) {
        if (isCopy()) {
            memory.release(values[inputs[0]]);
        }
    }

    /** Puts inputs and memory for the outputs in their places. */
    void prepare(INDArray[] values, PassMemory memory) {
        given = new INDArray[inputs.length];
        Arrays.setAll(given, i -> values[inputs[i]]);
        switch (kind) {
            case PASSED_ON, IN_PLACE -> values[outputs[0]] = given[0];
            case RESHAPED -> values[outputs[0]] = given[0].reshape('c', shapes().get(0).getShape());
            case HANDED_ON -> handOn(values, memory);
            case COMPUTED -> allocate(shapes(), values, memory);
        }
        made = new INDArray[outputs.length];
        Arrays.setAll(made, i -> values[outputs[i]]);
    }

    private void handOn(INDArray[] values, PassMemory memory) {
        List<LongShapeDescriptor> shapes = shapes();
        if (Arrays.equals(given[0].shape(), shapes.get(0).getShape())) {
            values[outputs[0]] = given[0];
        } else {
            allocate(shapes, values, memory);
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

    private List<LongShapeDescriptor> shapes() {
        DifferentialFunction function = op.getOp();
        List<LongShapeDescriptor> found;
        if (function instanceof JavaOp java) {
            found = java.described(Arrays.asList(given));
        } else if (function instanceof DynamicCustomOp custom) {
            found = shapes.of(given, () -> custom.calculateOutputShape(withInputs()));
        } else {
            found = ((BaseOp) function).calculateOutputShape(withInputs());
        }
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

    private OpContext withInputs() {
        setInputs();
        return context;
    }

    /** Runs the op. */
    void compute() {
        DifferentialFunction function = op.getOp();
        if (function instanceof JavaOp java) {
            java.compute(Arrays.asList(given), Arrays.asList(made));
        } else if (!isComputed()) {
            return;
        } else if (function instanceof DynamicCustomOp custom) {
            Nd4j.exec(custom, context());
        } else {
            Nd4j.exec((Op) function, context());
        }
    }

    /** What came out, in the order of the op's outputs. */
    INDArray[] results() {
        return made.clone();
    }
}
