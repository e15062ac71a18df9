package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;

/** Chooses what supervised fine-tuning learns from preference or probe data. */
public final class Supervision {
    private Supervision() {}

    /**
     * One response kind as y⁺ (the reference's {@code train_supervise}). Ids stay.
     *
     * @param examples prompts with responses
     * @param kind any kind that every example has
     * @return as many examples, in order
     * @throws DataException if an example lacks the kind
     */
    public static List<CompletionExample> on(List<ResponsesExample> examples, String kind) {
        return examples.stream()
                .map(e -> new CompletionExample(e.id(), e.prompt(), e.response(kind)))
                .toList();
    }

    /**
     * The chosen response of every preference. Ids stay.
     *
     * @param preferences the preferences
     * @return as many examples, in order
     */
    public static List<CompletionExample> onChosen(List<PreferenceExample> preferences) {
        return preferences.stream()
                .map(e -> new CompletionExample(e.id(), e.prompt(), e.chosen()))
                .toList();
    }

    /**
     * The paper's extension: y⁺ and y⁻ are both learnt, each as an example of its own. The pair n
     * gives the ids {@code 2n} (y⁺) and {@code 2n + 1} (y⁻); shuffle them with {@link Batcher}.
     *
     * @param preferences the preferences
     * @return twice as many examples
     */
    public static List<CompletionExample> extended(List<PreferenceExample> preferences) {
        List<CompletionExample> examples = new ArrayList<>(2 * preferences.size());
        for (PreferenceExample e : preferences) {
            examples.add(new CompletionExample(2 * e.id(), e.prompt(), e.chosen()));
            examples.add(new CompletionExample(2 * e.id() + 1, e.prompt(), e.rejected()));
        }
        return examples;
    }

    /**
     * Two response kinds as y⁺ and y⁻. Ids stay.
     *
     * @param examples prompts with responses
     * @param chosen kind taken as y⁺
     * @param rejected kind taken as y⁻
     * @return as many preferences, in order
     * @throws DataException if an example lacks a kind
     */
    public static List<PreferenceExample> preferences(
            List<ResponsesExample> examples, String chosen, String rejected) {
        return examples.stream()
                .map(
                        e ->
                                new PreferenceExample(
                                        e.id(),
                                        e.prompt(),
                                        e.response(chosen),
                                        e.response(rejected)))
                .toList();
    }
}
