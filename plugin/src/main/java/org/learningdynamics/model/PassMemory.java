package org.learningdynamics.model;

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
 * for its type and shape, the warmest first. New pages are dear, so nothing is freed that this
 * update or the one before used; for batches of many lengths, what else is free is bounded by a
 * multiple of what was in use at once, the longest unused going first.
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

    /** An array that waits, and the update that used it last. */
    private record Free(INDArray array, long update) {}

    /** The free arrays by id, the longest unused first. */
    private final Map<Long, Free> free = new LinkedHashMap<>();

    /** Ids of arrays made here that are in use. */
    private final Set<Long> used = new HashSet<>();

    private final BaseNDArray unused = (BaseNDArray) Nd4j.scalar(0f);

    private long freeBytes;
    private long usedBytes;
    private long peakBytes;
    private long update;
    private long made;

    /** Before an update: whatever was not given back is not expected any more. */
    void startUpdate() {
        update++;
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
            made++;
        } else {
            free.remove(array.getId());
            freeBytes -= bytes(array);
            rename((BaseNDArray) array);
        }
        used.add(array.getId());
        usedBytes += bytes(array);
        peakBytes = Math.max(peakBytes, usedBytes);
        return array;
    }

    /**
     * The session must take it for another array. ND4J 1.0.0-M2.1 gives the id that it assigns to
     * the next new array as well, and the session then takes that one for freed: so another id is
     * assigned to an array that nobody uses.
     */
    private void rename(BaseNDArray array) {
        array.assignNewId();
        unused.assignNewId();
    }

    /** Takes an array back; one that was not made here, or was given back before, is left alone. */
    @Override
    public void release(INDArray array) {
        if (used.remove(array.getId())) {
            usedBytes -= bytes(array);
            keep(array);
        }
    }

    /** Takes an array from wherever, which nobody else uses any more. */
    void adopt(INDArray array) {
        if (array.isView() || array.isAttached() || array.ordering() != 'c') {
            array.close();
        } else if (!free.containsKey(array.getId())) {
            if (used.remove(array.getId())) {
                usedBytes -= bytes(array);
            }
            keep(array);
        }
    }

    private void keep(INDArray array) {
        if (array.wasClosed() || array.isEmpty() || array.dataType() == DataType.UTF8) {
            return;
        }
        free.put(array.getId(), new Free(array, update));
        freeBytes += bytes(array);
        freeByKind
                .computeIfAbsent(Kind.of(array.dataType(), array.shape()), k -> new ArrayDeque<>())
                .addLast(array);
        evict();
    }

    private void evict() {
        Iterator<Free> oldest = free.values().iterator();
        while (freeBytes > FREE_SHARE * peakBytes && oldest.hasNext()) {
            Free next = oldest.next();
            if (next.update() >= update - 1) {
                return;
            }
            oldest.remove();
            drop(next.array());
        }
    }

    /** Of its kind it is the first, as the longest unused. */
    private void drop(INDArray array) {
        Deque<INDArray> same = freeByKind.get(Kind.of(array.dataType(), array.shape()));
        if (same != null) {
            same.pollFirst();
        }
        freeBytes -= bytes(array);
        array.close();
    }

    /** How many arrays took new memory so far. */
    long made() {
        return made;
    }

    private static long bytes(INDArray array) {
        return array.length() * array.dataType().width();
    }

    @Override
    public void close() {
        free.values().forEach(waiting -> waiting.array().close());
        free.clear();
        freeByKind.clear();
        freeBytes = 0;
    }
}
