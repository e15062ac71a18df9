package org.learningdynamics.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** SHA-256 of a model's configuration and every bit of its parameters. */
final class ParameterDigest {
    private static final int BLOCK = 1 << 20;

    private ParameterDigest() {}

    /** Reads each parameter once, a block at a time. */
    static String of(DecoderModel model) {
        MessageDigest digest = create();
        String shape = model.config() + "/" + model.adapters();
        digest.update(shape.getBytes(StandardCharsets.UTF_8));
        add(digest, model.base().parameters());
        add(digest, model.parameters());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, Map<String, INDArray> parameters) {
        parameters.forEach(
                (name, array) -> {
                    digest.update(name.getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0);
                    add(digest, array);
                });
    }

    private static void add(MessageDigest digest, INDArray array) {
        INDArray flat = array.reshape('c', new long[] {array.length()});
        for (long from = 0; from < flat.length(); from += BLOCK) {
            long to = Math.min(flat.length(), from + BLOCK);
            INDArray block = flat.get(NDArrayIndex.interval(from, to));
            digest.update(
                    array.dataType() == DataType.DOUBLE
                            ? bytes(block.toDoubleVector())
                            : bytes(block.toFloatVector()));
        }
    }

    private static ByteBuffer bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        return bytes;
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
