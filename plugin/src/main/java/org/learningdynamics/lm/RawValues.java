package org.learningdynamics.lm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Matrices as little-endian values in row order, some rows at a time. */
final class RawValues {
    private static final int BLOCK_VALUES = 1 << 18;

    private RawValues() {}

    static void write(FileChannel channel, INDArray matrix) throws IOException {
        int step = rowsOfBlock(matrix.columns());
        for (int from = 0; from < matrix.rows(); from += step) {
            int to = Math.min(from + step, matrix.rows());
            try (INDArray block = rows(matrix, from, to).dup('c')) {
                writeFully(channel, encode(block));
            }
        }
    }

    private static ByteBuffer encode(INDArray block) {
        int bytes = (int) block.length() * block.dataType().width();
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (block.dataType() == DataType.FLOAT) {
            buffer.asFloatBuffer().put(block.ravel().toFloatVector());
        } else {
            buffer.asDoubleBuffer().put(block.ravel().toDoubleVector());
        }
        return buffer;
    }

    static INDArray read(FileChannel channel, long position, DataType type, int rows, int columns)
            throws IOException {
        INDArray matrix = Nd4j.createUninitialized(type, rows, columns);
        int step = rowsOfBlock(columns);
        for (int from = 0; from < rows; from += step) {
            int to = Math.min(from + step, rows);
            long start = position + (long) from * columns * type.width();
            ByteBuffer bytes = readFully(channel, start, (to - from) * columns * type.width());
            try (INDArray block = decode(bytes, type)) {
                rows(matrix, from, to).assign(block.reshape(to - from, columns));
            }
        }
        return matrix;
    }

    private static INDArray decode(ByteBuffer bytes, DataType type) {
        if (type == DataType.FLOAT) {
            float[] values = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(values);
            return Nd4j.createFromArray(values);
        }
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return Nd4j.createFromArray(values);
    }

    private static INDArray rows(INDArray matrix, int from, int to) {
        return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private static int rowsOfBlock(int columns) {
        return Math.max(1, BLOCK_VALUES / columns);
    }

    static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    static ByteBuffer readFully(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new DamagedFileException("truncated while it was read");
            }
        }
        return buffer.flip();
    }
}
