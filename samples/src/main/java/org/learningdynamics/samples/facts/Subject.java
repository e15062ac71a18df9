package org.learningdynamics.samples.facts;

import java.util.List;

/**
 * A kind of entity.
 *
 * @param name its name
 * @param relations what can be asked about it
 */
record Subject(String name, List<Relation> relations) {
    Subject {
        relations = List.copyOf(relations);
    }
}
