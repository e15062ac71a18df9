package org.learningdynamics.sweep;

import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.nd4j.shade.jackson.annotation.JsonSubTypes;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * How candidates are drawn from a space: settings, from which one of Arbiter's generators is built
 * anew for every sweep. A generator's own JSON would lose its seed, and the genetic one has none.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.PROPERTY, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RandomSearch.class, name = "random"),
    @JsonSubTypes.Type(value = GridSearch.class, name = "grid"),
    @JsonSubTypes.Type(value = GeneticSearch.class, name = "genetic")
})
public sealed interface Search permits RandomSearch, GridSearch, GeneticSearch {
    /**
     * Builds the generator.
     *
     * @param space what is drawn from; its leaves are numbered anew
     * @param seed decides what is drawn, for every kind of search
     * @param minimize whether lower scores are better
     * @return a generator at its beginning
     * @throws SweepConfigException if the space does not allow this search
     */
    CandidateGenerator generator(ParameterSpace<?> space, long seed, boolean minimize);

    /**
     * Whether candidates depend on the scores of earlier ones.
     *
     * @return true if so
     */
    boolean isAdaptive();
}
