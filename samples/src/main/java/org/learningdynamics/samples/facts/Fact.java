package org.learningdynamics.samples.facts;

/**
 * One thing that is true in the world.
 *
 * @param id its number, from 0
 * @param subject name of the subject
 * @param relation what is asked
 * @param entity who it is asked about
 * @param value the right answer
 */
record Fact(int id, String subject, Relation relation, String entity, String value) {
    /** The prompt with one wording of the question. */
    String prompt(int wording) {
        return "Q: " + relation.question(wording, entity) + " A:";
    }
}
