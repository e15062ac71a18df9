package org.learningdynamics.train;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.ForwardingRecorder;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;

/**
 * Records beside every recording the wording of the tokens that it names, each once. Tokens that
 * have no text of their own are named in angle brackets.
 */
final class TokenTextRecorder extends ForwardingRecorder {
    static final String END = "⟨end⟩";

    private final Tokenizer tokenizer;
    private final Set<Integer> named = new HashSet<>();

    TokenTextRecorder(Recorder recorder, Tokenizer tokenizer) {
        super(recorder);
        this.tokenizer = tokenizer;
    }

    /** Records the tokens of a watched response. */
    void record(EncodedProbeRow row) {
        EncodedResponse encoded = row.encoded();
        int[] all = encoded.tokens();
        List<Integer> tokens =
                IntStream.of(Arrays.copyOfRange(all, encoded.promptLength(), all.length))
                        .boxed()
                        .toList();
        recorder().record(new ResponseTokens(row.probe(), row.kind(), tokens));
        tokens.forEach(this::name);
    }

    @Override
    public void record(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            for (TokenRow row : recording.tokens()) {
                name(row.argmax());
            }
            for (DistributionRow row : recording.distributions()) {
                name(row.token());
            }
        }
        recorder().record(measurement);
    }

    private synchronized void name(int token) {
        if (named.add(token)) {
            recorder().record(new TokenText(token, text(token)));
        }
    }

    private String text(int token) {
        String text = tokenizer.decode(new int[] {token});
        if (!text.isEmpty()) {
            return text;
        }
        return token == tokenizer.endOfSequenceId() ? END : "⟨" + token + "⟩";
    }
}
