package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;

class TokenTextRecorderTest {
    /** Id n is the letter n of the alphabet, 0 ends a response, 1 is special. */
    private static final class Letters implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return text.chars().map(c -> c - 'a').toArray();
        }

        @Override
        public String decode(int[] ids) {
            return ids[0] < 2 ? "" : String.valueOf((char) ('a' + ids[0]));
        }

        @Override
        public int vocabularySize() {
            return 26;
        }

        @Override
        public int endOfSequenceId() {
            return 0;
        }

        @Override
        public int paddingId() {
            return 1;
        }

        @Override
        public String digest() {
            return "letters";
        }
    }

    private static final class Sink implements Recorder {
        private final List<Measurement> got = new ArrayList<>();

        @Override
        public long nextStep() {
            return got.size();
        }

        @Override
        public long lastIteration() {
            return -1;
        }

        @Override
        public void record(Measurement measurement) {
            got.add(measurement);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static StepRecording recording(int... argmax) {
        List<TokenRow> tokens = new ArrayList<>();
        for (int position = 0; position < argmax.length; position++) {
            tokens.add(new TokenRow(0, 7, "chosen", position, -1, argmax[position]));
        }
        return new StepRecording(
                new StepRow(0, 0, 0, 0, 1, 1, 1, 1, 1), List.of(), tokens, List.of());
    }

    @Test
    void namesEveryTokenOnceBeforeItIsUsed() {
        Sink sink = new Sink();
        TokenTextRecorder recorder = new TokenTextRecorder(sink, new Letters());
        recorder.record(
                new EncodedProbeRow(7, "chosen", new EncodedResponse(new int[] {9, 4, 5, 0}, 1)));
        StepRecording first = recording(4, 6, 1);
        recorder.record(first);
        recorder.record(first);
        assertEquals(
                List.of(
                        new ResponseTokens(7, "chosen", List.of(4, 5, 0)),
                        new TokenText(4, "e"),
                        new TokenText(5, "f"),
                        new TokenText(0, "⟨end⟩"),
                        new TokenText(6, "g"),
                        new TokenText(1, "⟨1⟩"),
                        first,
                        first),
                sink.got);
        assertEquals(8, recorder.nextStep());
    }
}
