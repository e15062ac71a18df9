package org.learningdynamics.lm;

import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.SequenceEncoder;

/**
 * Scores an answer by its log-probability under a model, {@code Σ_t log π(y_t | x, y_<t)} over the
 * answer and its end, in nats, or by the mean of it over these tokens. The sum prefers short
 * answers.
 */
public final class LogProbabilityScorer implements AnswerScorer {
    private final ResponseScorer scorer;
    private final SequenceEncoder encoder;
    private final Length length;

    /** What becomes of an answer's length. */
    public enum Length {
        /** The sum over tokens. */
        SUM,
        /** The mean over tokens. */
        MEAN
    }

    /**
     * A scorer.
     *
     * @param model whose probabilities
     * @param encoder its tokens
     * @param length sum or mean over tokens
     */
    public LogProbabilityScorer(DecoderModel model, SequenceEncoder encoder, Length length) {
        this.scorer = new ResponseScorer(model);
        this.encoder = encoder;
        this.length = length;
    }

    @Override
    public double score(String prompt, String answer) {
        return scores(List.of(prompt), List.of(answer))[0];
    }

    @Override
    public double[] scores(List<String> prompts, List<String> answers) {
        List<EncodedResponse> rows =
                IntStream.range(0, answers.size())
                        .mapToObj(i -> encoder.encode(prompts.get(i), answers.get(i)))
                        .toList();
        double[] scores = scorer.logProbs(rows);
        if (length == Length.MEAN) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] /= rows.get(i).responseLength();
            }
        }
        return scores;
    }
}
