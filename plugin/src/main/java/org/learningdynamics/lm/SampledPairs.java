package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.PreferenceExample;

/**
 * On-policy preferences: two answers of a model to each prompt, ordered by a scorer. Source: Guo et
 * al., Direct Language Model Alignment from Online AI Feedback, 2024, section 3.
 *
 * @param pairs prompts with the better and the worse answer, in the prompts' order; ids are the
 *     prompts' numbers, from 1
 * @param ties prompts whose answers are the same or have the same score, which give no pair
 */
public record SampledPairs(List<PreferenceExample> pairs, int ties) {
    /**
     * Copies the list.
     *
     * @param pairs the preferences
     * @param ties number of prompts without
     */
    public SampledPairs {
        pairs = List.copyOf(pairs);
    }

    /**
     * Draws and orders the answers.
     *
     * @param prompts the prompts
     * @param generator draws the answers; a greedy one gives ties only
     * @param scorer orders them
     * @return the pairs
     * @throws IllegalArgumentException if a score is not finite
     */
    public static SampledPairs draw(
            List<String> prompts, TextGenerator generator, AnswerScorer scorer) {
        List<List<GeneratedText>> answers = generator.generate(prompts, 2);
        double[] first = scores(prompts, answers, 0, scorer);
        double[] second = scores(prompts, answers, 1, scorer);
        List<PreferenceExample> pairs = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            String a = answers.get(i).get(0).text();
            String b = answers.get(i).get(1).text();
            if (a.equals(b) || first[i] == second[i]) {
                continue;
            }
            boolean isFirst = first[i] > second[i];
            pairs.add(
                    new PreferenceExample(i + 1, prompts.get(i), isFirst ? a : b, isFirst ? b : a));
        }
        return new SampledPairs(pairs, prompts.size() - pairs.size());
    }

    private static double[] scores(
            List<String> prompts,
            List<List<GeneratedText>> answers,
            int sample,
            AnswerScorer scorer) {
        List<String> texts = answers.stream().map(pair -> pair.get(sample).text()).toList();
        double[] scores = scorer.scores(prompts, texts);
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException("scores must be finite, got " + score);
            }
        }
        return scores;
    }

    /**
     * The pairs as lines of a preference file.
     *
     * @return prompt, chosen and rejected by key, for {@link
     *     org.learningdynamics.data.JsonLinesWriter}
     */
    public List<Map<String, String>> lines() {
        List<Map<String, String>> lines = new ArrayList<>();
        for (PreferenceExample pair : pairs) {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("prompt", pair.prompt());
            line.put("chosen", pair.chosen());
            line.put("rejected", pair.rejected());
            lines.add(line);
        }
        return lines;
    }
}
