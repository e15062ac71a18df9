package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PassMemoryTest {
    private final PassMemory memory = new PassMemory();

    private INDArray allocate(long... shape) {
        return memory.allocate(false, DataType.FLOAT, shape);
    }

    @Test
    void handsOutWhatWasGivenBackLast() {
        INDArray first = allocate(2, 3);
        INDArray second = allocate(2, 3);
        assertNotSame(first, second);
        memory.release(first);
        memory.release(second);
        assertSame(second, allocate(2, 3));
        assertSame(first, allocate(2, 3));
        assertNotSame(first, allocate(2, 3));
    }

    @Test
    void takesArraysThatOthersMade() {
        INDArray foreign = Nd4j.create(DataType.FLOAT, 2, 3);
        INDArray handedOut = allocate(2, 3);
        memory.startUpdate();
        memory.adopt(foreign);
        memory.adopt(foreign);
        memory.adopt(handedOut);
        assertSame(handedOut, allocate(2, 3));
        assertSame(foreign, allocate(2, 3));
        assertNotSame(foreign, allocate(2, 3));
    }

    @Test
    void takesNoViewsAndNothingInAnotherOrder() {
        INDArray whole = Nd4j.create(DataType.FLOAT, 4, 3);
        memory.adopt(whole.getRow(1, true));
        assertNotSame(whole, allocate(1, 3));
        assertFalse(whole.wasClosed());
        INDArray inColumns = Nd4j.create(DataType.FLOAT, new long[] {2, 3}, 'f');
        memory.adopt(inColumns);
        assertTrue(inColumns.wasClosed());
        assertNotSame(inColumns, allocate(2, 3));
    }

    @Test
    void keepsShapesAndTypesApart() {
        INDArray array = allocate(2, 3);
        memory.release(array);
        assertNotSame(array, allocate(3, 2));
        assertNotSame(array, memory.allocate(false, DataType.DOUBLE, 2, 3));
        assertSame(array, allocate(2, 3));
    }

    @Test
    void reusedArraysHaveIdsOfTheirOwn() {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            INDArray reused = allocate(4);
            INDArray fresh = Nd4j.create(DataType.FLOAT, 4);
            assertTrue(ids.add(reused.getId()), "id " + reused.getId());
            assertTrue(ids.add(fresh.getId()), "id " + fresh.getId());
            memory.release(reused);
        }
        assertNotEquals(0, ids.size());
    }

    @Test
    void takesOnlyWhatItMadeAndOnlyOnce() {
        INDArray foreign = Nd4j.create(DataType.FLOAT, 5);
        memory.release(foreign);
        assertNotSame(foreign, allocate(5));
        INDArray own = allocate(6);
        memory.release(own);
        memory.release(own);
        assertSame(own, allocate(6));
        assertNotSame(own, allocate(6));
    }

    @Test
    void whatIsNotUsedAnyMoreIsFreedWhenItIsTooMuch() {
        memory.startUpdate();
        INDArray large = allocate(1000);
        memory.release(large);
        for (int i = 1; i < 8; i++) {
            memory.startUpdate();
            memory.release(allocate(900 + i));
        }
        assertTrue(large.wasClosed());
        INDArray last = allocate(907);
        assertFalse(last.wasClosed());
        assertEquals(907, last.length());
    }

    @Test
    void closingFreesWhatIsFree() {
        INDArray free = allocate(3);
        INDArray used = allocate(3);
        memory.release(free);
        memory.close();
        assertTrue(free.wasClosed());
        assertFalse(used.wasClosed());
    }
}
