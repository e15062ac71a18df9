package org.learningdynamics.samples.facts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeDerivation;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.probe.ResponseKind;

/**
 * Makes the demo's texts; world and seed decide every character.
 *
 * <p>A chosen response is true and worded in one of many usual ways, so that the model that has
 * learnt it holds it for one of many likely answers. A rejected response is false, fluent and made
 * of the same words, but all wordings are equally frequent, so that the model holds most of them
 * for unlikely. The pre-training text hardly has any opener, so that tuning has something to learn.
 */
final class FactGenerator {
    static final int TRAIN_FACTS = 760;
    static final int PROBES = 64;
    static final int PRETRAINING_LINES = 24_000;

    private static final Wording PLAIN =
            new Wording(
                    new double[] {.86, .02, .02, .02, .02, .02, .02, .02},
                    new double[] {.5, .25, .15, .1});
    private static final Wording STATEMENT =
            new Wording(
                    new double[] {.86, .02, .02, .02, .02, .02, .02, .02},
                    new double[] {.5, .3, .2, 0});
    private static final Wording USUAL =
            new Wording(
                    new double[] {.06, .28, .18, .14, .11, .09, .08, .06},
                    new double[] {.5, .25, .15, .1});
    private static final Wording ANY =
            new Wording(new double[] {1, 1, 1, 1, 1, 1, 1, 1}, new double[] {1, 1, 1, 1});

    private final FactWorld world;
    private final long seed;
    private final List<Fact> shuffled;

    FactGenerator(FactWorld world, long seed) {
        this.world = world;
        this.seed = seed;
        this.shuffled = Shuffle.copy(world.facts(), Shuffle.random(seed, 1));
    }

    /** Plain text, one piece a line: questions with answers, statements, unrelated sentences. */
    List<String> pretraining() {
        Random random = Shuffle.random(seed, 2);
        List<String> lines = new ArrayList<>(PRETRAINING_LINES);
        while (lines.size() < PRETRAINING_LINES) {
            lines.add(line(random));
        }
        return lines;
    }

    private String line(Random random) {
        Fact fact = any(world.facts(), random);
        double kind = random.nextDouble();
        if (kind < .05) {
            return any(world.grammar().unrelated(), random);
        }
        if (kind < .4) {
            int wording = random.nextInt(fact.relation().questions().size());
            String question = fact.relation().question(wording, fact.entity());
            return "they asked: " + question + " " + answer(fact, PLAIN.draw(random));
        }
        return answer(fact, STATEMENT.draw(random));
    }

    /** Preferences to train on, with their paraphrases: every question of the first facts. */
    List<Map<String, String>> train() {
        List<Map<String, String>> lines = new ArrayList<>();
        List<Fact> facts = shuffled.subList(0, TRAIN_FACTS);
        for (int wording = 0; wording < 2; wording++) {
            for (Fact fact : facts) {
                lines.add(preference(fact, wording));
            }
        }
        return Shuffle.copy(lines, Shuffle.random(seed, 3));
    }

    /** Preferences on the other facts, one question each. */
    List<Map<String, String>> heldOut() {
        return shuffled.subList(TRAIN_FACTS, shuffled.size()).stream()
                .map(fact -> preference(fact, fact.id() % 2))
                .toList();
    }

    /** The first training preferences with every kind. */
    ProbeSet probes() {
        List<Map<String, String>> lines = train().subList(0, PROBES);
        ProbeSet derived =
                ProbeDerivation.of(preferences(heldOut()), seed)
                        .sentences(world.grammar().unrelated())
                        .derive("facts", preferences(lines));
        List<Probe> probes = new ArrayList<>();
        for (Probe probe : derived.probes()) {
            Map<String, String> responses = new LinkedHashMap<>(lines.get(probe.id() - 1));
            responses.remove("prompt");
            responses.putAll(probe.responses());
            probes.add(Probe.of(probe.id(), probe.prompt(), responses));
        }
        return new ProbeSet("facts", probes);
    }

    private static List<PreferenceExample> preferences(List<Map<String, String>> lines) {
        List<PreferenceExample> examples = new ArrayList<>();
        for (Map<String, String> line : lines) {
            examples.add(
                    new PreferenceExample(
                            examples.size() + 1L,
                            text(line, "prompt"),
                            text(line, ResponseKind.CHOSEN),
                            text(line, ResponseKind.REJECTED)));
        }
        return examples;
    }

    private static String text(Map<String, String> line, String key) {
        return line.getOrDefault(key, "");
    }

    private Map<String, String> preference(Fact fact, int wording) {
        Random random = Shuffle.random(seed, 10L + 2L * fact.id() + wording);
        Wording.Choice good = USUAL.draw(random);
        Wording.Choice poor = ANY.draw(random);
        Fact other = otherFact(fact, random);
        Fact wrong = withOtherValue(fact, random);
        Map<String, String> line = new LinkedHashMap<>();
        line.put("prompt", fact.prompt(wording));
        line.put(ResponseKind.CHOSEN, answer(fact, good));
        line.put(ResponseKind.CHOSEN_SEMANTIC, answer(fact, USUAL.drawOther(good, random)));
        line.put(ResponseKind.CHOSEN_FORMAT, answer(other, good));
        line.put(ResponseKind.REJECTED, answer(wrong, poor));
        line.put(ResponseKind.REJECTED_SEMANTIC, answer(wrong, ANY.drawOther(poor, random)));
        line.put(ResponseKind.REJECTED_FORMAT, answer(withOtherValue(other, random), poor));
        return line;
    }

    private String answer(Fact fact, Wording.Choice wording) {
        String body = fact.relation().phrase(wording.phrasing(), fact.entity(), fact.value());
        return world.grammar().answer(wording.opener(), body);
    }

    /** The same question about another entity, with another answer. */
    private Fact otherFact(Fact fact, Random random) {
        List<Fact> others =
                world.facts().stream()
                        .filter(f -> f.relation().equals(fact.relation()))
                        .filter(f -> !f.value().equals(fact.value()))
                        .toList();
        return any(others, random);
    }

    private static Fact withOtherValue(Fact fact, Random random) {
        List<String> values =
                fact.relation().values().stream().filter(v -> !v.equals(fact.value())).toList();
        return new Fact(
                fact.id(), fact.subject(), fact.relation(), fact.entity(), any(values, random));
    }

    private static <T> T any(List<T> items, Random random) {
        return items.get(random.nextInt(items.size()));
    }
}
