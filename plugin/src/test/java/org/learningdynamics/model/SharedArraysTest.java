package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SharedArraysTest {
    @Test
    void holdsTheArraysThemselves() {
        INDArray weights = Nd4j.ones(DataType.FLOAT, 2, 3);
        INDArray fixed = Nd4j.ones(DataType.FLOAT, 3, 2);
        SameDiff graph = SharedArrays.newGraph();
        graph.mmul("y", graph.var("w", weights), graph.constant("c", fixed));
        assertSame(weights, graph.getVariable("w").getArr());
        assertSame(fixed, graph.getVariable("c").getArr());
        weights.muli(2);
        assertEquals(6, graph.output(Map.of(), "y").get("y").getDouble(1, 1));
    }

    @Test
    void aCopiedGraphHoldsThemToo() {
        INDArray weights = Nd4j.ones(DataType.FLOAT, 2, 3);
        SameDiff graph = SharedArrays.newGraph();
        graph.var("w", weights).sum("y");
        assertSame(weights, SeededGraph.copy(graph).getVariable("w").getArr());
    }

    /** SameDiff's own graphs make one of each array; if they stop, the class can go. */
    @Test
    void makesNoCopies() {
        assertEquals(0, copiesMadeBy(SharedArrays.newGraph()));
        assertEquals(1, copiesMadeBy(SameDiff.create()));
    }

    private static int copiesMadeBy(SameDiff graph) {
        INDArray real = Nd4j.ones(DataType.FLOAT, 2, 2);
        AtomicInteger copies = new AtomicInteger();
        InvocationHandler counting =
                (proxy, method, arguments) -> {
                    if (method.getName().equals("dup")) {
                        copies.incrementAndGet();
                    }
                    return method.invoke(real, arguments);
                };
        Class<?>[] type = {INDArray.class};
        Object counted = Proxy.newProxyInstance(INDArray.class.getClassLoader(), type, counting);
        graph.var("w", (INDArray) counted);
        return copies.get();
    }
}
