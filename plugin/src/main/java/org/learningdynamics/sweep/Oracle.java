package org.learningdynamics.sweep;

import java.util.List;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.Generator;
import org.learningdynamics.lm.Sampling;

/**
 * Judges what a candidate answers to held-out prompts against fixed answers: {@code win rate =
 * 〈(sign(compare(answer, baseline)) + 1) / 2〉}, answers generated greedily.
 *
 * @param prompts held-out prompts
 * @param baseline the answers to beat, one a prompt
 * @param judge compares two answers
 * @param maxTokens longest answer (tokens)
 */
public record Oracle(List<String> prompts, List<String> baseline, Judge judge, int maxTokens) {
    /** Compares answers to one prompt. */
    @FunctionalInterface
    public interface Judge {
        /**
         * Compares two answers.
         *
         * @param prompt the prompt
         * @param one an answer
         * @param other another answer
         * @return positive if the first is better, negative if the other is, 0 for a tie
         */
        int compare(String prompt, String one, String other);
    }

    /**
     * Copies and checks.
     *
     * @param prompts held-out prompts
     * @param baseline one answer a prompt
     * @param judge compares two answers; called by several threads
     * @param maxTokens longest answer
     * @throws IllegalArgumentException if there is no prompt or not one answer for each
     */
    public Oracle {
        prompts = List.copyOf(prompts);
        baseline = List.copyOf(baseline);
        if (prompts.isEmpty() || prompts.size() != baseline.size()) {
            throw new IllegalArgumentException(
                    "baseline must hold one answer for each of at least one prompt, got "
                            + baseline.size()
                            + " for "
                            + prompts.size());
        }
    }

    /**
     * What a model answers.
     *
     * @param model the model
     * @param encoder its tokens
     * @param prompts what it is asked
     * @param maxTokens longest answer
     * @return greedy answers, one a prompt
     */
    public static List<String> answers(
            DecoderModel model, SequenceEncoder encoder, List<String> prompts, int maxTokens) {
        List<int[]> ids = prompts.stream().map(encoder::encodePrompt).toList();
        Generator generator = new Generator(model, encoder.tokenizer().endOfSequenceId());
        return generator.generate(ids, maxTokens, Sampling.greedy()).stream()
                .map(encoder.tokenizer()::decode)
                .toList();
    }

    double winRate(DecoderModel model, SequenceEncoder encoder) {
        List<String> answers = answers(model, encoder, prompts, maxTokens);
        double wins = 0;
        for (int i = 0; i < answers.size(); i++) {
            int better = judge.compare(prompts.get(i), answers.get(i), baseline.get(i));
            wins += (Integer.signum(better) + 1) / 2.0;
        }
        return wins / answers.size();
    }

    String identity() {
        return Sha256.ofParts(Sha256.ofParts(prompts), Sha256.ofParts(baseline));
    }
}
