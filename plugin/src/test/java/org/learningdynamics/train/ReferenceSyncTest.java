package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A reference that follows the policy. */
class ReferenceSyncTest {
    private static DecoderModel shifted(DecoderModel model, double by) {
        DecoderModel other = model.copy();
        other.parameters().values().forEach(array -> array.addi(by));
        return other;
    }

    @Test
    void mixesTheParametersAndLeavesThePolicyAlone() {
        DecoderModel policy = TinyTask.model(DataType.DOUBLE);
        DecoderModel untouched = policy.copy();
        DecoderModel reference = shifted(policy, .5);
        new ReferenceSync(.6, 1).mix(policy, reference);
        for (Map.Entry<String, INDArray> parameter : policy.parameters().entrySet()) {
            INDArray expected = parameter.getValue().add(.4 * .5);
            INDArray mixed = reference.parameters().get(parameter.getKey());
            assertEquals(0, expected.distance2(mixed), 1e-12, parameter.getKey());
        }
        assertEquals(untouched.parameters(), policy.parameters());
    }

    @Test
    void aFullMixtureIsACopyThatGraphsSee() {
        DecoderModel policy = TinyTask.model(DataType.FLOAT);
        DecoderModel reference = shifted(policy, .1);
        int[][] ids = {{3, 4, 5}};
        assertFalse(policy.logits(ids).equals(reference.logits(ids)));
        new ReferenceSync(1, 1).mix(policy, reference);
        assertEquals(policy.parameters(), reference.parameters());
        assertEquals(policy.logits(ids), reference.logits(ids));
    }

    @Test
    void isDueAfterEveryNthUpdate() {
        ReferenceSync sync = new ReferenceSync();
        assertEquals(new ReferenceSync(.6, 512), sync);
        assertTrue(sync.isDue(512) && sync.isDue(1024));
        assertFalse(sync.isDue(0) || sync.isDue(511) || sync.isDue(513));
    }

    @Test
    void refusesWhatItCannotMix() {
        assertRefused("alpha must be in (0, 1], got 0.0", () -> new ReferenceSync(0, 1));
        assertRefused("alpha must be in (0, 1], got NaN", () -> new ReferenceSync(Double.NaN, 1));
        assertRefused("everyUpdates must be > 0, got 0", () -> new ReferenceSync(.5, 0));
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        ReferenceSync sync = new ReferenceSync();
        assertRefused(
                "reference must not share the policy's parameters, got tok_embedding",
                () -> sync.mix(model, model));
        DecoderModel other =
                DecoderModel.create(
                        DecoderConfig.builder(9).width(8).layers(1).heads(2).maxLength(32).build());
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> sync.mix(model, other));
        assertTrue(
                refused.getMessage().startsWith("reference parameter tok_embedding must be "),
                refused.getMessage());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
