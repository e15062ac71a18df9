package org.learningdynamics.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Blocks of numbers as little-endian bytes, and back. */
final class NumberCodec {
    private NumberCodec() {}

    /** All of the bytes as a new vector of FLOAT or DOUBLE. */
    static INDArray decode(ByteBuffer bytes, TensorType from, DataType to) {
        int count = bytes.remaining() / from.width();
        return to == DataType.FLOAT
                ? Nd4j.createFromArray(floats(bytes, from, count))
                : Nd4j.createFromArray(doubles(bytes, from, count));
    }

    private static float[] floats(ByteBuffer bytes, TensorType from, int count) {
        float[] values = new float[count];
        if (from == TensorType.F32) {
            bytes.asFloatBuffer().get(values);
            return values;
        }
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (from) {
                        case F16 -> NarrowFloat.fromHalf(bytes.getShort(2 * i));
                        case BF16 -> NarrowFloat.fromBfloat16(bytes.getShort(2 * i));
                        default -> (float) bytes.getDouble(Double.BYTES * i);
                    };
        }
        return values;
    }

    private static double[] doubles(ByteBuffer bytes, TensorType from, int count) {
        double[] values = new double[count];
        if (from == TensorType.F64) {
            bytes.asDoubleBuffer().get(values);
            return values;
        }
        float[] singles = floats(bytes, from, count);
        for (int i = 0; i < count; i++) {
            values[i] = singles[i];
        }
        return values;
    }

    /**
     * The bytes of a block's values in row order.
     *
     * @throws ArithmeticException naming a finite value that the type would make infinite
     */
    static ByteBuffer encode(INDArray block, TensorType to) {
        int count = (int) block.length();
        ByteBuffer bytes = ByteBuffer.allocate(count * to.width()).order(ByteOrder.LITTLE_ENDIAN);
        try (INDArray ordered = block.dup('c')) {
            INDArray vector = ordered.reshape(count);
            if (to == TensorType.F32 && vector.dataType() == DataType.FLOAT) {
                bytes.asFloatBuffer().put(vector.toFloatVector());
            } else {
                for (double value : vector.toDoubleVector()) {
                    put(bytes, value, to);
                }
                bytes.rewind();
            }
        }
        return bytes;
    }

    private static void put(ByteBuffer bytes, double value, TensorType to) {
        switch (to) {
            case F16 -> bytes.putShort(NarrowFloat.toHalf(value));
            case BF16 -> bytes.putShort(NarrowFloat.toBfloat16(value));
            case F32 -> bytes.putFloat(NarrowFloat.toSingle(value));
            default -> bytes.putDouble(value);
        }
    }
}
