package org.learningdynamics.lm;

import java.util.List;
import java.util.stream.IntStream;

/** Judges answers: the higher, the better. */
@FunctionalInterface
public interface AnswerScorer {
    /**
     * The score of one answer.
     *
     * @param prompt the prompt
     * @param answer the answer
     * @return any finite number
     */
    double score(String prompt, String answer);

    /**
     * Scores of several answers; one by one unless a scorer has a faster way.
     *
     * @param prompts a prompt for each answer
     * @param answers the answers
     * @return their scores // [answers]
     */
    default double[] scores(List<String> prompts, List<String> answers) {
        return IntStream.range(0, answers.size())
                .mapToDouble(i -> score(prompts.get(i), answers.get(i)))
                .toArray();
    }
}
