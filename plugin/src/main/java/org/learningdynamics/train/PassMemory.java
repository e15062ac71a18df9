package org.learningdynamics.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.nd4j.autodiff.samediff.internal.memory.AbstractMemoryMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.BaseNDArray;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of passes over a graph: what one op no longer needs is handed to the next that asks
 * for its type and shape, the warmest first. New pages are dear, so nothing is freed that the next
 * pass will ask for again; what is free is bounded by a multiple of what was in use at once, the
 * longest unused going first, for batches of many lengths.
 *
 * <p>SameDiff's own cache closes every array whose buffer it believes to be shared, which while
 * gradients are computed is most of them.
 */
final class PassMemory extends AbstractMemoryMgr {
    private static final double FREE_SHARE = 1.5;

    /** Arrays of one kind replace each other. */
    private record Kind(DataType type, List<Long> shape) {
        static Kind of(DataType type, long[] shape) {
            return new Kind(type, LongStream.of(shape).boxed().toList());
        }
    }

    private final Map<Kind, Deque<INDArray>> freeByKind = new HashMap<>();

    /** The free arrays by id, the longest unused first. */
    private final Map<Long, INDArray> free = new LinkedHashMap<>();

    /** Ids of arrays made here that are in use. */
    private final Set<Long> used = new HashSet<>();

    private long freeBytes;
    private long usedBytes;
    private long peakBytes;

    /** Before an update: whatever was not given back is not expected any more. */
    void startUpdate() {
        used.clear();
        usedBytes = 0;
    }

    @Override
    public INDArray allocate(boolean detached, LongShapeDescriptor descriptor) {
        return descriptor.isEmpty()
                ? Nd4j.create(descriptor)
                : allocate(detached, descriptor.dataType(), descriptor.getShape());
    }

    @Override
    public INDArray allocate(boolean detached, DataType type, long... shape) {
        Deque<INDArray> same = freeByKind.get(Kind.of(type, shape));
        INDArray array = same == null ? null : same.pollLast();
        if (array == null) {
            array = Nd4j.createUninitializedDetached(type, shape);
        } else {
            free.remove(array.getId());
            freeBytes -= bytes(array);
            ((BaseNDArray) array).assignNewId(); // the session takes it for another array
        }
        used.add(array.getId());
        usedBytes += bytes(array);
        peakBytes = Math.max(peakBytes, usedBytes);
        return array;
    }

    /** Takes an array back; one that was not made here, or was given back before, is left alone. */
    @Override
    public void release(INDArray array) {
        if (!used.remove(array.getId())) {
            return;
        }
        usedBytes -= bytes(array);
        if (array.wasClosed() || array.isEmpty() || array.dataType() == DataType.UTF8) {
            return;
        }
        free.put(array.getId(), array);
        freeBytes += bytes(array);
        freeByKind
                .computeIfAbsent(Kind.of(array.dataType(), array.shape()), k -> new ArrayDeque<>())
                .addLast(array);
        evict();
    }

    private void evict() {
        Iterator<INDArray> oldest = free.values().iterator();
        while (freeBytes > FREE_SHARE * peakBytes && oldest.hasNext()) {
            INDArray array = oldest.next();
            oldest.remove();
            freeByKind
                    .getOrDefault(Kind.of(array.dataType(), array.shape()), new ArrayDeque<>())
                    .removeFirst();
            freeBytes -= bytes(array);
            array.close();
        }
    }

    private static long bytes(INDArray array) {
        return array.length() * array.dataType().width();
    }

    @Override
    public void close() {
        free.values().forEach(INDArray::close);
        free.clear();
        freeByKind.clear();
        freeBytes = 0;
    }
}
