package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.learningdynamics.lm.Activation;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.model.AuditSeverity;
import org.learningdynamics.model.GraphAudit;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** The audit has nothing against the graphs that this library builds itself. */
class AuditedTrainingGraphTest {
    @TestFactory
    Stream<DynamicTest> everyLossIsSound() {
        return Losses.names().stream()
                .map(
                        loss ->
                                DynamicTest.dynamicTest(
                                        loss, () -> check(loss, Activation.GELU, HeadKind.TIED)));
    }

    @TestFactory
    Stream<DynamicTest> everyKindOfModelIsSound() {
        return Stream.of(Activation.values())
                .flatMap(a -> Stream.of(HeadKind.values()).map(head -> kind(a, head)));
    }

    private static DynamicTest kind(Activation activation, HeadKind head) {
        return DynamicTest.dynamicTest(
                activation + " " + head, () -> check("dpo", activation, head));
    }

    private static void check(String loss, Activation activation, HeadKind head) {
        DecoderConfig config =
                DecoderConfig.builder(11)
                        .width(8)
                        .layers(2)
                        .heads(2)
                        .maxLength(16)
                        .activation(activation)
                        .head(head)
                        .build();
        try (DecoderModel model = DecoderModel.create(config)) {
            GraphAudit audit = GraphAudit.of(graph(model, Losses.byName(loss)));
            assertTrue(audit.auditedOps() > 30, audit.toText());
            assertEquals(List.of(), audit.findings(AuditSeverity.ERROR), audit.toText());
            assertEquals(List.of(), audit.findings(AuditSeverity.WARNING), audit.toText());
        }
    }

    private static SameDiff graph(DecoderModel model, Loss loss) {
        SameDiff graph = model.newGraph();
        DataType type = model.config().dataType();
        loss.define(
                graph,
                LossInputs.of(TrainingGraph.responses(graph, model))
                        .withReference(graph.placeHolder("reference", type, -1))
                        .withDesirable(graph.placeHolder("desirable", type, -1))
                        .withKl(graph.placeHolder("kl", type))
                        .withRewardShift(graph.placeHolder("shift", type)));
        return graph;
    }
}
