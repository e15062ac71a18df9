package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.learningdynamics.model.FusedOpsTest.assertClose;
import static org.learningdynamics.model.FusedOpsTest.gradients;
import static org.learningdynamics.model.FusedOpsTest.lean;
import static org.learningdynamics.model.FusedOpsTest.running;
import static org.learningdynamics.model.FusedOpsTest.values;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class LookupOpsTest {
    private static final int ROWS = 6;
    private static final INDArray IDS = Nd4j.createFromArray(5, 0, 5, -1, 2, 6, 5);

    /** Ones in the places of the ids, float64. */
    private static INDArray oneHot() {
        INDArray oneHot = Nd4j.create(DataType.DOUBLE, IDS.length(), ROWS);
        for (int k = 0; k < IDS.length(); k++) {
            int id = IDS.getInt(k);
            if (id >= 0 && id < ROWS) {
                oneHot.putScalar(k, id, 1);
            }
        }
        return oneHot;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT", "LONG"})
    void rowsAreTheProductWithOneHotRows(DataType type) {
        INDArray table = JavaOps.normal(1, 1, ROWS, 5);
        INDArray rows = JavaOps.one(new LookupOp(), table, IDS.castTo(type));
        assertEquals(oneHot().mmul(table.castTo(DataType.DOUBLE)).castTo(DataType.FLOAT), rows);
        INDArray square = IDS.get(NDArrayIndex.interval(0, 6)).dup();
        INDArray wide = JavaOps.one(new LookupOp(), table, square.castTo(type).reshape(2, 3));
        assertArrayEquals(new long[] {2, 3, 5}, wide.shape());
        assertEquals(table.getRow(2), wide.slice(1).getRow(1));
    }

    /** Rows are linear in the table, so that a difference is the slope. */
    @Test
    void gradientsAreDifferencesOfTheRows() {
        INDArray table = JavaOps.normal(2, 1, ROWS, 5);
        INDArray above = JavaOps.normal(3, 1, IDS.length(), 5);
        INDArray gradient = JavaOps.one(new LookupGradientOp(), table, IDS, above);
        INDArray exact = oneHot().transpose().mmul(above.castTo(DataType.DOUBLE));
        assertClose(exact, gradient, 1e-7);
        for (int i = 0; i < table.length(); i++) {
            INDArray moved = table.dup();
            moved.putScalar(i, table.getFloat(i) + 1);
            INDArray change =
                    JavaOps.one(new LookupOp(), moved, IDS)
                            .sub(JavaOps.one(new LookupOp(), table, IDS));
            assertEquals(change.mul(above).sumNumber().doubleValue(), gradient.getFloat(i), 1e-5);
        }
    }

    /** The table as embedding and as head, beside a row that another op reads. */
    private static SameDiff graph(DataType type, double on) {
        SameDiff graph = SameDiff.create();
        SDVariable table = graph.var("table", JavaOps.normal(4, 1, ROWS, 5).castTo(type));
        SDVariable mixing = graph.var("mixing", JavaOps.normal(5, 1, 5, 5).castTo(type));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable rows = graph.mmul(graph.oneHot(ids, ROWS, -1, on, 0.0, type), table);
        SDVariable hidden = graph.math().tanh(graph.mmul(rows.rename("rows"), mixing));
        SDVariable logits = graph.mmul(hidden, table, false, true, false);
        graph.setLossVariables(graph.math().square(logits).sum().rename("loss"));
        return graph;
    }

    private static final Map<String, INDArray> BATCH = Map.of("ids", IDS);
    private static final List<String> PARAMETERS = List.of("table", "mixing");

    private static Set<String> forGradients(SameDiff graph) {
        return running(
                graph,
                PARAMETERS.stream().map(p -> graph.getVariable(p).getGradient().name()).toList());
    }

    @Test
    void aFusedLookupHasTheGradientsOfItsOps() {
        SameDiff fused = lean(graph(DataType.FLOAT, 1));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, 1).calculateGradients(BATCH, PARAMETERS);
        Map<String, INDArray> found = gradients(fused, BATCH, PARAMETERS);
        PARAMETERS.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        Set<String> names = forGradients(fused);
        assertTrue(
                names.containsAll(Set.of("java_lookup", "java_lookup_gradient")), names::toString);
        assertFalse(names.contains("onehot"), names::toString);
    }

    @Test
    void theOneHotRowsAndTheirGradientCanStillBeAskedFor() {
        SameDiff plain = graph(DataType.FLOAT, 1);
        plain.createGradFunction();
        SameDiff reference = plain.getFunction("grad");
        SameDiff fused = lean(graph(DataType.FLOAT, 1));
        List<String> all = List.of("onehot", "onehot-grad", "rows", "rows-grad");
        Map<String, INDArray> expected = values(reference, BATCH, all);
        Map<String, INDArray> found = values(fused, BATCH, all);
        all.forEach(name -> assertClose(expected.get(name), found.get(name), 1e-6));
    }

    /** SameDiff's own session makes the first pass. */
    @Test
    void gradientsAreThereInTheHostsOrderToo() {
        SameDiff fused = lean(graph(DataType.FLOAT, 1));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, 1).calculateGradients(BATCH, PARAMETERS);
        GraphSession session = new GraphSession(fused, true);
        for (int pass = 0; pass < 2; pass++) {
            for (String name : PARAMETERS) {
                String gradient = fused.getVariable(name).getGradient().name();
                INDArray found = session.pass(List.of(gradient), BATCH).get(gradient);
                assertClose(expected.get(name), found, 3e-6);
            }
        }
    }

    @Test
    void otherValuesThanOnesAndZerosStayAProduct() {
        SameDiff fused = lean(graph(DataType.FLOAT, 2));
        assertTrue(forGradients(fused).contains("onehot"));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, 2).calculateGradients(BATCH, PARAMETERS);
        Map<String, INDArray> found = gradients(fused, BATCH, PARAMETERS);
        PARAMETERS.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
    }

    @Test
    void float64StaysAsItIs() {
        Set<String> names = forGradients(lean(graph(DataType.DOUBLE, 1)));
        assertTrue(names.stream().noneMatch(name -> name.startsWith("java")), names::toString);
    }
}
