package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** What the audit says of graphs with and without each defect. */
@ExtendWith(PlainGather.class)
class GraphAuditTest {
    private final SameDiff graph = SameDiff.create();
    private final SDVariable weights = graph.var("weights", Nd4j.ones(DataType.DOUBLE, 4, 3));
    private final SDVariable input = graph.placeHolder("input", DataType.DOUBLE, -1, 4);

    private AuditFinding only() {
        List<AuditFinding> findings = GraphAudit.of(graph).findings();
        assertEquals(1, findings.size(), findings.toString());
        return findings.get(0);
    }

    private void assertClean() {
        assertEquals(List.of(), GraphAudit.of(graph).findings());
        GraphAudit.of(graph).requireNoErrors();
    }

    private void lossOf(UnaryOperator<SDVariable> op) {
        op.apply(graph.mmul(input, weights)).sum().markAsLoss();
    }

    @Test
    void nothingIsSaidOfALinearModelWithSquaredError() {
        lossOf(logits -> graph.math().square(logits.sub(1.0)));
        assertClean();
        assertEquals(4, GraphAudit.of(graph).auditedOps());
    }

    @Test
    void gatherFromATrainedTableIsNamedWithInputsAndRemedy() {
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        graph.gather("rows", weights, ids, 0).sum().markAsLoss();
        AuditFinding finding = only();
        assertEquals("gather", finding.type());
        assertEquals(List.of("weights", "ids"), finding.inputs());
        assertEquals(AuditSeverity.ERROR, finding.severity());
        assertEquals(GradientVerdict.WRONG, finding.verdict());
        assertTrue(finding.remedy().contains("one-hot"), finding.remedy());
        assertTrue(finding.remedy().contains("GradientRepairs.installGather()"), finding.remedy());
    }

    @Test
    void gatherFromAFrozenTableIsFine() {
        SDVariable table = graph.constant("table", Nd4j.ones(DataType.DOUBLE, 5, 4));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        graph.mmul(graph.gather(table, ids, 0), weights).sum().markAsLoss();
        assertClean();
    }

    @Test
    void freezingATableEndsItsFinding() {
        SDVariable table = graph.var("table", Nd4j.ones(DataType.DOUBLE, 5, 4));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        graph.mmul(graph.gather(table, ids, 0), weights).sum().markAsLoss();
        assertEquals("gather", only().type());
        table.convertToConstant();
        assertClean();
    }

    @Test
    void aTiedTableCountsThroughItsOtherUse() {
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable rows = graph.gather(graph.permute(weights, 1, 0), ids, 0);
        graph.mmul(rows, weights).sum().markAsLoss();
        assertEquals("gather", only().type());
    }

    @Test
    void anOpBesideTheWayOfGradientsIsNotReported() {
        SDVariable logits = graph.mmul(input, weights);
        graph.cumsum("beside", logits, 1);
        graph.math().square(logits).sum().markAsLoss();
        assertClean();
    }

    @Test
    void anOpBelowStopGradientIsNotReported() {
        SDVariable logits = graph.mmul(input, weights);
        SDVariable stopped =
                new org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient(
                                graph, graph.cumsum(logits, 1))
                        .outputVariable();
        logits.mul(stopped).sum().markAsLoss();
        assertClean();
    }

    @Test
    void anOpBelowIntegersIsNotReported() {
        SDVariable best = graph.argmax(graph.cumsum(graph.mmul(input, weights), 1), 1);
        SDVariable known = best.castTo(DataType.DOUBLE);
        graph.math().square(weights).sum().add(known.sum()).markAsLoss();
        assertClean();
    }

    @Test
    void withoutLossVariablesEverythingIsLookedAt() {
        graph.cumsum("sums", graph.mmul(input, weights), 1);
        assertEquals("cumsum", only().type());
    }

    @Test
    void theLossesOfTheTrainingConfigurationCount() {
        SDVariable logits = graph.mmul(input, weights);
        graph.cumsum("beside", logits, 1);
        graph.sum("loss", logits);
        graph.setTrainingConfig(
                org.nd4j.autodiff.samediff.TrainingConfig.builder()
                        .updater(new org.nd4j.linalg.learning.config.Sgd(0.1))
                        .dataSetFeatureMapping("input")
                        .markLabelsUnused()
                        .minimize("loss")
                        .build());
        assertClean();
    }

    @Test
    void aCrossEntropyThatIsTheLossItselfOrSummedIsFine() {
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1);
        SDVariable logits = graph.mmul(input, weights);
        SDVariable losses = graph.loss().sparseSoftmaxCrossEntropy(logits, labels);
        assertClean();
        graph.setLossVariables(losses.sum());
        assertClean();
    }

    @Test
    void aCrossEntropyThatIsAveragedIsWrong() {
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1);
        SDVariable logits = graph.mmul(input, weights);
        graph.loss().sparseSoftmaxCrossEntropy(logits, labels).mean().markAsLoss();
        assertEquals(GraphCondition.SCALED_LATER, only().condition());
        assertEquals(AuditSeverity.ERROR, only().severity());
        assertEquals("Use GradientRepairs.sparseSoftmaxCrossEntropy.", only().remedy());
        graph.setLossVariables(
                GradientRepairs.sparseSoftmaxCrossEntropy(graph, labels, logits, 3).mean());
        assertClean();
    }

    @Test
    void aLossThatIsScaledIsWrongAndALossWithAPenaltyIsFine() {
        SDVariable labels = graph.placeHolder("labels", DataType.DOUBLE, -1, 3);
        SDVariable loss =
                graph.loss()
                        .meanSquaredError(labels, graph.mmul(input, weights), null, LossReduce.SUM);
        SDVariable total = loss.add(graph.math().square(weights).sum());
        graph.setLossVariables(total);
        assertClean();
        graph.setLossVariables(total.mul(0.5));
        assertEquals("mean_sqerr_loss", only().type());
    }

    @Test
    void aLossThatIsReadTwiceIsWrong() {
        SDVariable loss = graph.loss().l2Loss(weights);
        loss.add(loss.mul(1.0)).markAsLoss();
        assertEquals("l2_loss", only().type());
    }

    @Test
    void maximumOfEqualShapesIsFineAndOfBroadcastOnesIsNot() {
        SDVariable other = graph.var("other", Nd4j.ones(DataType.DOUBLE, 4, 3));
        graph.max(weights, other).sum().markAsLoss();
        assertClean();
        SDVariable fixed = graph.constant("fixed", Nd4j.ones(DataType.DOUBLE, 3));
        graph.setLossVariables(graph.max(weights, fixed).sum());
        assertClean();
        SDVariable row = graph.var("row", Nd4j.ones(DataType.DOUBLE, 3));
        graph.setLossVariables(graph.max(weights, row).sum());
        assertEquals(GraphCondition.BROADCAST, only().condition());
    }

    @Test
    void dividingByATrainedScalarIsWrongAndByAConstantIsFine() {
        SDVariable constant = graph.constant("c", Nd4j.scalar(2.0));
        graph.setLossVariables(weights.div(constant).sum());
        assertClean();
        SDVariable trained = graph.var("t", Nd4j.scalar(2.0));
        graph.setLossVariables(weights.div(trained).sum());
        assertEquals(GraphCondition.SCALAR_OPERAND, only().condition());
    }

    @Test
    void aKeptNegativeDimensionIsWrongAndAPositiveOneIsFine() {
        graph.setLossVariables(weights.sub(weights.mean(true, 1)).sum());
        assertClean();
        graph.setLossVariables(weights.sub(weights.mean(true, -1)).sum());
        assertEquals(GraphCondition.NEGATIVE_DIMENSION_KEPT, only().condition());
    }

    @Test
    void logSoftmaxIsFineWithoutDimensionButForExtremeValues() {
        lossOf(logits -> graph.nn().logSoftmax(logits));
        assertEquals(AuditSeverity.NOTE, only().severity());
        SDVariable logits = graph.mmul(input, weights);
        graph.setLossVariables(graph.nn().logSoftmax(logits, 1).sum());
        assertEquals(GraphCondition.DIMENSION_GIVEN, only().condition());
        assertEquals(AuditSeverity.ERROR, only().severity());
    }

    @Test
    void whatTheGraphDoesNotDecideIsAWarning() {
        lossOf(logits -> graph.stridedSlice(logits, new long[] {0, 0}, new long[] {1, 2}, 1, 1));
        assertEquals(AuditSeverity.WARNING, only().severity());
        assertFalse(only().certain());
    }

    @Test
    void inexactGradientsAreWarningsAndOverflowsAreNotes() {
        lossOf(logits -> graph.nn().preciseGelu(logits));
        assertEquals(AuditSeverity.WARNING, only().severity());
        SDVariable soft = graph.nn().softplus(graph.mmul(input, weights));
        graph.setLossVariables(soft.sum());
        assertEquals(AuditSeverity.NOTE, only().severity());
    }

    @Test
    void controlFlowHasNoGradient() {
        SDVariable chosen =
                graph.ifCond(
                        g -> weights.sum().gt(0.0), g -> weights.mul(2.0), g -> weights.mul(3.0));
        chosen.sum().markAsLoss();
        List<String> types =
                GraphAudit.of(graph).findings(AuditSeverity.ERROR).stream()
                        .map(AuditFinding::type)
                        .distinct()
                        .sorted()
                        .toList();
        assertEquals(List.of("merge", "switch"), types);
    }

    /** An op that nobody measured. */
    private static final class OwnOp extends DynamicCustomOp {
        OwnOp(SameDiff graph, SDVariable x) {
            super("own", graph, new SDVariable[] {x});
        }

        @Override
        public String opName() {
            return "own_op";
        }

        @Override
        public int getNumOutputs() {
            return 1;
        }

        @Override
        public List<DataType> calculateOutputDataTypes(List<DataType> types) {
            return List.of(types.get(0));
        }
    }

    @Test
    void anOpThatNobodyMeasuredIsSaidToBeUnsurveyed() {
        new OwnOp(graph, weights).outputVariable().sum().markAsLoss();
        assertEquals(GradientVerdict.UNSURVEYED, only().verdict());
        assertEquals(AuditSeverity.WARNING, only().severity());
        GraphAudit.of(graph).requireNoErrors();
    }

    @Test
    void theExceptionNamesEveryError() {
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable rows = graph.gather(weights, ids, 0);
        graph.cumsum(rows, 0).sum().markAsLoss();
        GraphAudit audit = GraphAudit.of(graph);
        GraphAuditException error = assertThrows(GraphAuditException.class, audit::requireNoErrors);
        assertTrue(error.getMessage().startsWith("the gradients of 2 ops"), error.getMessage());
        assertTrue(error.getMessage().contains("gather of weights, ids"), error.getMessage());
        assertTrue(error.getMessage().contains("cumsum"), error.getMessage());
        assertTrue(audit.toText().endsWith("2 errors, 0 warnings, 0 notes\n"), audit.toText());
    }

    @Test
    void theGraphIsLeftAsItIs() {
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        graph.cumsum(graph.gather(weights, ids, 0), 0).sum().markAsLoss();
        String before = graph.summary();
        INDArray values = weights.getArr().dup();
        GraphAudit.of(graph);
        assertEquals(before, graph.summary());
        assertEquals(values, weights.getArr());
        assertFalse(graph.hasVariable("one-var"));
    }
}
