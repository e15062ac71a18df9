package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.UnpairedExample;

class TrainingDataTest {
    private final List<PreferenceExample> pairs = TinyTask.preferences();
    private final SequenceEncoder encoder = TinyTask.encoder();

    @Test
    void pairsHoldChosenThenRejected() {
        TrainingItem item = TinyTask.data(TrainingMethod.DPO).items().get(0);
        assertEquals(1, item.example());
        assertResponse(pairs.get(0).prompt(), pairs.get(0).chosen(), item.responses().get(0));
        assertResponse(pairs.get(0).prompt(), pairs.get(0).rejected(), item.responses().get(1));
    }

    @Test
    void sftLearnsTheChosenResponse() {
        for (TrainingMethod method : List.of(TrainingMethod.SFT, TrainingMethod.SFT_SUM)) {
            TrainingData data = TinyTask.data(method);
            assertEquals(10, data.size());
            TrainingItem item = data.items().get(4);
            assertEquals(1, item.responses().size());
            assertResponse(pairs.get(4).prompt(), pairs.get(4).chosen(), item.responses().get(0));
        }
    }

    @Test
    void extendedLearnsBothResponsesApart() {
        TrainingData data = TinyTask.data(TrainingMethod.SFT_EXTENDED);
        assertEquals(20, data.size());
        EncodedResponse second = data.items().get(1).responses().get(0);
        assertResponse(pairs.get(0).prompt(), pairs.get(0).rejected(), second);
    }

    @Test
    void pretrainingLearnsEveryTokenAfterTheFirst() {
        EncodedResponse row =
                TinyTask.data(TrainingMethod.PRETRAIN).items().get(0).responses().get(0);
        EncodedResponse whole = encoder.encode(pairs.get(0).prompt(), pairs.get(0).chosen());
        assertArrayEquals(whole.tokens(), row.tokens());
        assertEquals(1, row.promptLength());
    }

    @Test
    void textsAreLearntFromTheirFirstToken() {
        TrainingData data = TrainingData.texts(List.of("it is red"), encoder);
        EncodedResponse row = data.items().get(0).responses().get(0);
        int end = encoder.tokenizer().endOfSequenceId();
        int[] words = encoder.tokenizer().encode("it is red");
        assertArrayEquals(new int[] {end, words[0], words[1], words[2], end}, row.tokens());
        assertEquals(1, row.promptLength());
        assertEquals(1, data.rows().get(0).example());
    }

    @Test
    void digestTellsDataApart() {
        TrainingData all = TinyTask.data(TrainingMethod.DPO);
        TrainingData fewer = TrainingData.preferences(pairs.subList(0, 9), encoder);
        assertEquals(all.digest(), TinyTask.data(TrainingMethod.IPO).digest());
        assertNotEquals(all.digest(), fewer.digest());
        assertEquals(64, all.digest().length());
    }

    @Test
    void rejectsEmptyData() {
        Exception error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> TrainingData.preferences(List.of(), encoder));
        assertEquals("training data must hold examples, got none", error.getMessage());
    }

    private void assertResponse(String prompt, String response, EncodedResponse actual) {
        EncodedResponse expected = encoder.encode(prompt, response);
        assertArrayEquals(expected.tokens(), actual.tokens());
        assertEquals(expected.promptLength(), actual.promptLength());
    }

    @Test
    void unpairedPromptsAlsoMeetAnotherPromptsResponse() {
        TrainingData data = TinyTask.data(TrainingMethod.KTO);
        List<PreferenceExample> pairs = TinyTask.preferences();
        assertEquals(2 * pairs.size(), data.size());
        TrainingItem wanted = data.items().get(0);
        TrainingItem unwanted = data.items().get(1);
        assertTrue(wanted.desirable());
        assertFalse(unwanted.desirable());
        SequenceEncoder encoder = data.encoder();
        PreferenceExample first = pairs.get(0);
        String other = pairs.get(1).chosen();
        int[] own = encoder.encode(first.prompt(), first.chosen()).tokens();
        int[] mismatched = encoder.encode(first.prompt(), other).tokens();
        assertArrayEquals(own, wanted.responses().get(0).tokens());
        assertArrayEquals(mismatched, wanted.responses().get(1).tokens());
        assertArrayEquals(mismatched, unwanted.responses().get(1).tokens());
        UnpairedExample alone = new UnpairedExample(1, "what is red ?", "it is red", true);
        assertEquals(
                "unpaired examples must have different prompts, got only what is red ?",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TrainingData.unpaired(List.of(alone), encoder))
                        .getMessage());
    }

    @Test
    void unlearningTakesTheRejectedResponses() {
        TrainingData data = TinyTask.data(TrainingMethod.NPO);
        PreferenceExample first = TinyTask.preferences().get(0);
        int[] rejected = data.encoder().encode(first.prompt(), first.rejected()).tokens();
        assertEquals(1, data.items().get(0).responses().size());
        assertArrayEquals(rejected, data.items().get(0).responses().get(0).tokens());
    }
}
