package org.learningdynamics.samples.facts;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.data.DataException;

/**
 * Judges answers to the world's questions. An answer is well formed if it is an opener, or none,
 * and one of the phrasings of the asked-for relation about the asked-for entity with any of the
 * relation's values, and ends in a full stop.
 */
public final class FactOracle {
    private final FactWorld world;
    private final Map<Relation, Set<String>> valuesOf = new HashMap<>();

    /** An oracle for the bundled world. */
    public FactOracle() {
        this(FactWorld.create(FactWorld.DEFAULT_SEED));
    }

    FactOracle(FactWorld world) {
        this.world = world;
        world.facts()
                .forEach(f -> valuesOf.put(f.relation(), new HashSet<>(f.relation().values())));
    }

    /**
     * Judges one answer.
     *
     * @param prompt a prompt of the bundled data
     * @param answer the text that a model gave
     * @return the verdict
     * @throws DataException if the prompt asks for nothing in the world
     */
    public Verdict judge(String prompt, String answer) {
        Fact fact = world.asked(prompt);
        String text = answer.strip();
        if (isWellFormed(fact, text, List.of(fact.value()))) {
            return Verdict.RIGHT;
        }
        if (isWellFormed(fact, text, fact.relation().values())) {
            return Verdict.WRONG;
        }
        return statesOnly(fact, text) ? Verdict.GARBLED : Verdict.NONSENSE;
    }

    /**
     * Compares two answers to the same prompt.
     *
     * @param prompt a prompt of the bundled data
     * @param one an answer
     * @param other another answer
     * @return positive if the first wins, negative if the other wins, 0 for a tie
     * @throws DataException if the prompt asks for nothing in the world
     */
    public int compare(String prompt, String one, String other) {
        return judge(prompt, one).compareTo(judge(prompt, other));
    }

    private boolean isWellFormed(Fact fact, String text, List<String> values) {
        Grammar grammar = world.grammar();
        for (int opener = 0; opener < grammar.openers().size(); opener++) {
            for (int p = 0; p < fact.relation().phrasings().size(); p++) {
                for (String value : values) {
                    String body = fact.relation().phrase(p, fact.entity(), value);
                    if (text.equals(grammar.answer(opener, body))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean statesOnly(Fact fact, String text) {
        Set<String> stated = new HashSet<>(Arrays.asList(text.split("[^\\p{L}]+")));
        stated.retainAll(valuesOf.getOrDefault(fact.relation(), Set.of()));
        return stated.equals(Set.of(fact.value()));
    }
}
