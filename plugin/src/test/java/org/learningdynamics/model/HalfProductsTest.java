package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HalfProductsTest {
    /** Two products with one constant, whose gradients SameDiff adds up though nobody asks. */
    private static SameDiff graph() {
        Nd4j.getRandom().setSeed(5);
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.rand(DataType.DOUBLE, 2, 3));
        SDVariable turn = graph.constant("turn", Nd4j.rand(DataType.DOUBLE, 3, 3));
        graph.setLossVariables(graph.mmul(graph.mmul(x, turn), turn).sum().rename("loss"));
        graph.createGradFunction();
        return graph.getFunction("grad");
    }

    private static long pairs(SameDiff gradients) {
        return gradients.getOps().values().stream()
                .filter(op -> op.getOp().opName().equals("matmul_bp"))
                .count();
    }

    private static INDArray gradient(SameDiff gradients, String name) {
        return new GraphSession(gradients).pass(List.of(name), Map.of()).get(name);
    }

    @Test
    void halvesThatOnlyEndInUnwantedSumsAreLeftOut() {
        SameDiff plain = graph();
        SameDiff split = graph();
        String wanted = plain.getVariable("x").getGradient().name();
        HalfProducts.splitFor(split, Set.of(wanted));
        assertEquals(2, pairs(plain));
        assertEquals(0, pairs(split));
        assertEquals(gradient(plain, wanted), gradient(split, wanted));
    }

    @Test
    void whatSomeOpReadsStaysWhereAnythingMayBeAskedFor() {
        SameDiff plain = graph();
        SameDiff split = graph();
        HalfProducts.split(split, Set.of(plain.getVariable("x").getGradient().name()));
        String ofConstant = plain.getVariable("turn").getGradient().name();
        assertTrue(pairs(split) > 0);
        assertEquals(gradient(plain, ofConstant), gradient(split, ofConstant));
    }
}
