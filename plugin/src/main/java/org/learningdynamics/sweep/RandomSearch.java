package org.learningdynamics.sweep;

import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;

/** Independent draws from each parameter's distribution, without end. */
public record RandomSearch() implements Search {
    @Override
    public CandidateGenerator generator(ParameterSpace<?> space, long seed, boolean minimize) {
        SpaceRules.requireParameters(space);
        RandomSearchGenerator generator = new RandomSearchGenerator(space);
        generator.setRngSeed(seed);
        return generator;
    }

    @Override
    public boolean isAdaptive() {
        return false;
    }
}
