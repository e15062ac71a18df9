package org.learningdynamics.samples.facts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Shuffle;

/** Every fact of the invented world; the seed decides names and values. */
final class FactWorld {
    /** Seed of the bundled data. */
    static final long DEFAULT_SEED = 2407_10490L;

    static final int ENTITIES_PER_SUBJECT = 32;

    private static final String[] ONSETS = {
        "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "gr", "tr"
    };
    private static final String[] VOWELS = {"a", "e", "i", "o", "u"};
    private static final String[] CODAS = {"l", "n", "r", "s", "m", "k", "th", "nd", "rn"};

    private final Grammar grammar;
    private final List<Fact> facts = new ArrayList<>();
    private final Map<String, Fact> byPrompt = new HashMap<>();

    private FactWorld(Grammar grammar, long seed) {
        this.grammar = grammar;
        Random random = Shuffle.random(seed, 0);
        List<String> names = names(grammar.subjects().size() * ENTITIES_PER_SUBJECT, random);
        for (int i = 0; i < grammar.subjects().size(); i++) {
            int from = i * ENTITIES_PER_SUBJECT;
            addSubject(
                    grammar.subjects().get(i),
                    names.subList(from, from + ENTITIES_PER_SUBJECT),
                    random);
        }
    }

    /** Every value is true of equally many entities. */
    private void addSubject(Subject subject, List<String> entities, Random random) {
        for (Relation relation : subject.relations()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < entities.size(); i++) {
                values.add(relation.values().get(i % relation.values().size()));
            }
            values = Shuffle.copy(values, random);
            for (int i = 0; i < entities.size(); i++) {
                add(
                        new Fact(
                                facts.size(),
                                subject.name(),
                                relation,
                                entities.get(i),
                                values.get(i)));
            }
        }
    }

    static FactWorld create(long seed) {
        return new FactWorld(Grammar.load(), seed);
    }

    private void add(Fact fact) {
        facts.add(fact);
        for (int wording = 0; wording < fact.relation().questions().size(); wording++) {
            byPrompt.put(fact.prompt(wording), fact);
        }
    }

    Grammar grammar() {
        return grammar;
    }

    List<Fact> facts() {
        return List.copyOf(facts);
    }

    /** The fact that a prompt asks for. */
    Fact asked(String prompt) {
        Fact fact = byPrompt.get(prompt);
        if (fact == null) {
            throw new DataException("no fact of the world answers the prompt \"" + prompt + "\"");
        }
        return fact;
    }

    private static List<String> names(int count, Random random) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < count) {
            String first = any(ONSETS, random);
            String name =
                    Character.toUpperCase(first.charAt(0))
                            + first.substring(1)
                            + any(VOWELS, random)
                            + any(ONSETS, random)
                            + any(VOWELS, random)
                            + any(CODAS, random);
            names.add(name);
        }
        return List.copyOf(names);
    }

    private static String any(String[] parts, Random random) {
        return parts[random.nextInt(parts.length)];
    }
}
