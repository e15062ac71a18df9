package org.learningdynamics.samples.facts;

import java.util.List;

/**
 * One thing that can be asked about the entities of a subject. Templates hold {@code {entity}} and
 * {@code {value}}.
 *
 * @param name name within its subject
 * @param questions templates of the question
 * @param phrasings templates of the answer, the most usual first; the last one names no entity
 * @param values everything that can be true
 */
record Relation(String name, List<String> questions, List<String> phrasings, List<String> values) {
    Relation {
        questions = List.copyOf(questions);
        phrasings = List.copyOf(phrasings);
        values = List.copyOf(values);
    }

    String question(int wording, String entity) {
        return questions.get(wording).replace("{entity}", entity);
    }

    String phrase(int phrasing, String entity, String value) {
        return phrasings.get(phrasing).replace("{entity}", entity).replace("{value}", value);
    }
}
