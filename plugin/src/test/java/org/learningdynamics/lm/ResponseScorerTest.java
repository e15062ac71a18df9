package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.learningdynamics.data.EncodedResponse;
import org.nd4j.linalg.api.buffer.DataType;

class ResponseScorerTest {
    private final DecoderModel model = SmallModels.model(SmallModels.config().build());

    @Test
    void sumsLogProbabilitiesOfResponseTokens() {
        List<EncodedResponse> rows = rows(9);
        double[] expected = rows.stream().mapToDouble(this::naive).toArray();
        assertArrayEquals(expected, new ResponseScorer(model).logProbs(rows), 1e-11);
    }

    @Test
    void doesNotDependOnTheBatch() {
        List<EncodedResponse> rows = rows(11);
        double[] expected = new ResponseScorer(model, 1).logProbs(rows);
        assertArrayEquals(expected, new ResponseScorer(model, 4).logProbs(rows), 1e-11);
    }

    @Test
    void scoresTheLongestPossibleRow() {
        int[] tokens = SmallModels.ids(model.config(), 1, 25, 3)[0];
        EncodedResponse row = new EncodedResponse(tokens, 1);
        double[] scores = new ResponseScorer(model).logProbs(List.of(row));
        assertArrayEquals(new double[] {naive(row)}, scores, 1e-11);
    }

    @Test
    void normalisesInPiecesWhereLogitsAreMany() {
        List<EncodedResponse> rows = rows(9);
        double[] expected = new ResponseScorer(model).logProbs(rows);
        for (long maxLogits : new long[] {1, 35}) {
            ResponseScorer scorer = new ResponseScorer(model, 4, maxLogits);
            assertArrayEquals(expected, scorer.logProbs(rows), 1e-11);
        }
    }

    @Test
    void staysFiniteFarFromTheMode() {
        DecoderModel peaky =
                SmallModels.model(SmallModels.config().dataType(DataType.FLOAT).build());
        peaky.parameters().get("final_norm").muli(3000);
        EncodedResponse row = new EncodedResponse(new int[] {1, 2, 3}, 1);
        double expected = naiveOn(peaky, row);
        double actual = new ResponseScorer(peaky).logProbs(List.of(row))[0];
        assertEquals(1, actual / expected, 1e-5);
    }

    @Test
    void emptyListGivesNoScores() {
        assertEquals(0, new ResponseScorer(model).logProbs(List.of()).length);
    }

    @Test
    void rejectsRowsThatDoNotFit() {
        ResponseScorer scorer = new ResponseScorer(model);
        assertMessage(
                "row 0 must have 1 to maxLength = 24 tokens, got 25",
                () -> scorer.logProbs(List.of(new EncodedResponse(new int[26], 3))));
        assertMessage(
                "token ids must be in [0, 11), got 99 in row 0",
                () -> scorer.logProbs(List.of(new EncodedResponse(new int[] {1, 99}, 1))));
        assertMessage("batchRows must be >= 1, got 0", () -> new ResponseScorer(model, 0));
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    private List<EncodedResponse> rows(int count) {
        Random random = new Random(4);
        List<EncodedResponse> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = random.ints(2 + random.nextInt(20), 0, 11).toArray();
            rows.add(new EncodedResponse(tokens, 1 + random.nextInt(tokens.length - 1)));
        }
        return rows;
    }

    private double naive(EncodedResponse row) {
        return naiveOn(model, row);
    }

    private static double naiveOn(DecoderModel decoder, EncodedResponse row) {
        int[] tokens = row.tokens();
        double[][] logits = new NaiveDecoder(decoder).logits(tokens);
        double sum = 0;
        for (int t = row.promptLength(); t < tokens.length; t++) {
            double[] l = logits[t - 1];
            double max = Arrays.stream(l).max().orElseThrow();
            double z = Arrays.stream(l).map(x -> Math.exp(x - max)).sum();
            sum += l[tokens[t]] - max - Math.log(z);
        }
        return sum;
    }
}
