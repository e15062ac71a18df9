package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;

class DecoderConfigTest {
    @Test
    void startsWithTheDocumentedDefaults() {
        DecoderConfig config = DecoderConfig.builder(50).build();
        DecoderConfig expected =
                new DecoderConfig(
                        50,
                        DecoderConfig.DEFAULT_WIDTH,
                        DecoderConfig.DEFAULT_LAYERS,
                        DecoderConfig.DEFAULT_HEADS,
                        4 * DecoderConfig.DEFAULT_WIDTH,
                        DecoderConfig.DEFAULT_MAX_LENGTH,
                        HeadKind.TIED,
                        Activation.GELU,
                        DecoderConfig.DEFAULT_ROTARY_BASE,
                        DataType.FLOAT,
                        DecoderConfig.DEFAULT_SEED,
                        DecoderConfig.DEFAULT_HEADS,
                        DecoderConfig.DEFAULT_WIDTH / DecoderConfig.DEFAULT_HEADS,
                        DecoderArchitecture.plain());
        assertEquals(expected, config);
    }

    @Test
    void feedForwardFollowsTheWidth() {
        assertEquals(256, DecoderConfig.builder(50).width(64).build().feedForwardWidth());
    }

    @Test
    void namesTheRuleAndTheValue() {
        assertMessage("vocabularySize must be >= 2, got 1", () -> DecoderConfig.builder(1).build());
        assertMessage("width must be >= 2, got 0", () -> config().width(0).build());
        assertMessage("layers must be >= 1, got 0", () -> config().layers(0).build());
        assertMessage("heads must be >= 1, got -1", () -> config().heads(-1).build());
        assertMessage("feedForwardWidth must be >= 1, got 0", () -> config().feedForwardWidth(0));
        assertMessage("maxLength must be >= 1, got 0", () -> config().maxLength(0).build());
        assertMessage(
                "width must be a multiple of 2 * heads = 6, got 8",
                () -> config().width(8).heads(3).build());
        assertMessage(
                "rotaryBase must be > 1, got NaN", () -> config().rotaryBase(Double.NaN).build());
        assertMessage("rotaryBase must be > 1, got 1.0", () -> config().rotaryBase(1).build());
        assertMessage(
                "dataType must be FLOAT or DOUBLE, got INT",
                () -> config().dataType(DataType.INT32).build());
    }

    private static DecoderConfig.Builder config() {
        return DecoderConfig.builder(50);
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
