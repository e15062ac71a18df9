package org.learningdynamics.safetensors;

import java.util.List;

/**
 * What a file's header says of one tensor.
 *
 * @param name its name
 * @param type its elements' type
 * @param shape its dimensions, empty for a single number
 * @param begin its first byte, counted from the first byte after the header
 * @param end the byte after its last
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long begin, long end) {
    /**
     * Copies the shape.
     *
     * @param name its name
     * @param type its elements' type
     * @param shape its dimensions
     * @param begin its first byte
     * @param end the byte after its last
     */
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /**
     * Number of elements.
     *
     * @return product of the shape, 1 for a single number
     */
    public long length() {
        return (end - begin) / type.width();
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    boolean isEmpty() {
        return begin == end;
    }
}
