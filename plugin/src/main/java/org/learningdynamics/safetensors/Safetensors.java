package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One file in the safetensors format, memory-mapped: header size (8 bytes, little-endian), JSON
 * header {@code {"__metadata__": {…}, name: {"dtype", "shape", "data_offsets"}}}, little-endian
 * values in row order.
 *
 * <p>Opening checks the whole header before any value is read: its size (at most 100 MB), strict
 * JSON without duplicate keys, known types, shapes whose size is what the offsets give, and that
 * the tensors cover the data section without overlap, hole or remainder.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements TensorStore {
    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file and checks its header.
     *
     * @param file the file
     * @return its tensors, to be closed by the caller
     * @throws SafetensorsException if the file breaks a rule of the format
     * @throws IOException if it cannot be read
     */
    public static Safetensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean sound = false;
        try {
            Safetensors opened =
                    new Safetensors(file, channel, SafetensorsHeader.read(file, channel));
            sound = true;
            return opened;
        } finally {
            if (!sound) {
                channel.close();
            }
        }
    }

    /**
     * The header's texts.
     *
     * @return texts by name, empty if there are none
     */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public INDArray read(String name, DataType type) throws IOException {
        TensorInfo tensor = readable(name);
        INDArray array = Nd4j.createUninitialized(checked(type), tensor.dimensions());
        boolean done = false;
        try {
            fill(tensor, array);
            done = true;
            return array;
        } finally {
            if (!done) {
                array.close();
            }
        }
    }

    @Override
    public void readInto(String name, INDArray target) throws IOException {
        TensorInfo tensor = readable(name);
        checked(target.dataType());
        if (target.length() != tensor.length()) {
            throw new IllegalArgumentException(
                    "target must have the %d values of tensor %s, got %d"
                            .formatted(tensor.length(), name, target.length()));
        }
        fill(tensor, target);
    }

    private void fill(TensorInfo tensor, INDArray array) throws IOException {
        MappedTensor bytes = new MappedTensor(file, channel, tensor, header.dataStart());
        RowBlocks.forEach(
                array,
                block -> {
                    long size = block.length() * tensor.type().width();
                    try (INDArray values =
                            NumberCodec.decode(
                                    bytes.next((int) size), tensor.type(), block.dataType())) {
                        block.assign(values.reshape(block.shape()));
                    }
                });
    }

    private TensorInfo readable(String name) throws SafetensorsException {
        TensorInfo tensor = tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    file + " must hold tensor " + name + ", it does not");
        }
        if (!tensor.type().isReadable()) {
            throw SafetensorsException.ofTensor(
                    file,
                    name,
                    "dtype must be F64, F32, F16 or BF16 to be read as numbers, got "
                            + tensor.type());
        }
        return tensor;
    }

    private static DataType checked(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("type must be FLOAT or DOUBLE, got " + type);
        }
        return type;
    }

    /** Closes the file; arrays that were read stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
