package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.nd4j.linalg.api.buffer.DataType;

class HeadStatesTest {
    private static final int VOCABULARY = 11;

    private final DecoderModel model =
            DecoderModel.create(
                    DecoderConfig.builder(VOCABULARY)
                            .width(8)
                            .heads(2)
                            .layers(1)
                            .maxLength(16)
                            .dataType(DataType.DOUBLE)
                            .build());

    @Test
    void holdsThePositionsThatPredictTheResponse() {
        EncodedResponse row = new EncodedResponse(new int[] {3, 1, 4, 1, 5, 9}, 2);
        try (HeadStates states = HeadStates.of(model, row)) {
            assertArrayEquals(new int[] {4, 1, 5, 9}, states.tokens());
            assertArrayEquals(new long[] {4, 8}, states.hidden().shape());
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                double[] z = states.logits().getRow(k).toDoubleVector();
                double total = Arrays.stream(z).map(Math::exp).sum();
                sum += z[states.tokens()[k]] - Math.log(total);
            }
            assertEquals(new ResponseScorer(model).logProbs(List.of(row))[0], sum, 1e-12);
        }
    }

    @Test
    void refusesRowsThatTheModelCannotTake() {
        EncodedResponse row = new EncodedResponse(new int[] {3, VOCABULARY, 4}, 1);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> HeadStates.of(model, row));
        assertTrue(refused.getMessage().contains("got 11"), refused.getMessage());
    }
}
