package org.learningdynamics.sweep;

import java.util.SplittableRandom;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.CrossoverOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.CrossoverResult;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.UniformCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.culling.LeastFitCullOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Draws at random until the population is two thirds full, then crosses two of its members, each
 * gene from either with equal chance, and mutates. When the population is full its worst third
 * leaves. All draws come from the sweep's seed.
 *
 * @param population most members, at least 3
 * @param crossover chance that two parents are crossed, in [0, 1]
 * @param mutation chance of each gene to be drawn anew, in (0, 1]
 */
public record GeneticSearch(
        @JsonProperty("population") int population,
        @JsonProperty("crossover") double crossover,
        @JsonProperty("mutation") double mutation)
        implements Search {
    /** {@link #population} if nothing else is said. */
    public static final int DEFAULT_POPULATION = 12;

    /** {@link #crossover} if nothing else is said, which is Arbiter's. */
    public static final double DEFAULT_CROSSOVER = 0.85;

    /**
     * {@link #mutation} if nothing else is said. Arbiter's 0.005 hardly ever leaves the values of
     * the first random members.
     */
    public static final double DEFAULT_MUTATION = 0.1;

    /** Share of a full population that leaves. */
    private static final double CULLED = 1 / 3.0;

    /**
     * Checks the values.
     *
     * @param population most members
     * @param crossover chance of crossing
     * @param mutation chance of each gene to mutate
     * @throws SweepConfigException naming the rule that is broken
     */
    public GeneticSearch {
        if (population < 3) { // Arbiter looks for a second parent without end among one
            throw new SweepConfigException("search.population must be >= 3, got " + population);
        }
        if (!(crossover >= 0 && crossover <= 1)) {
            throw new SweepConfigException("search.crossover must be in [0, 1], got " + crossover);
        }
        if (!(mutation > 0 && mutation <= 1)) {
            throw new SweepConfigException("search.mutation must be in (0, 1], got " + mutation);
        }
    }

    @JsonCreator
    static GeneticSearch of(
            @JsonProperty("population") @Nullable Integer population,
            @JsonProperty("crossover") @Nullable Double crossover,
            @JsonProperty("mutation") @Nullable Double mutation) {
        return new GeneticSearch(
                population == null ? DEFAULT_POPULATION : population,
                crossover == null ? DEFAULT_CROSSOVER : crossover,
                mutation == null ? DEFAULT_MUTATION : mutation);
    }

    @Override
    public CandidateGenerator generator(ParameterSpace<?> space, long seed, boolean minimize) {
        SpaceRules.requireParameters(space);
        SplittableRandom seeds = new SplittableRandom(seed);
        UniformCrossover crossing =
                new UniformCrossover.Builder()
                        .crossoverRate(crossover)
                        .parentSelection(new RandomTwoParentSelection(random(seeds)))
                        .randomGenerator(random(seeds))
                        .build();
        GeneticSelectionOperator selection =
                new GeneticSelectionOperator.Builder()
                        .crossoverOperator(new CopyingCrossover(crossing))
                        .mutationOperator(
                                new RandomMutationOperator.Builder()
                                        .mutationRate(mutation)
                                        .randomGenerator(random(seeds))
                                        .build())
                        .randomGenerator(random(seeds))
                        .build();
        return new GeneticSearchCandidateGenerator.Builder(space, new Direction(minimize))
                .populationModel(
                        new PopulationModel.Builder()
                                .populationSize(population)
                                .cullOperator(new LeastFitCullOperator(CULLED))
                                .build())
                .selectionOperator(selection)
                .build();
    }

    private static RandomGenerator random(SplittableRandom seeds) {
        JDKRandomGenerator random = new JDKRandomGenerator();
        random.setSeed(seeds.nextLong());
        return random;
    }

    @Override
    public boolean isAdaptive() {
        return true;
    }

    /**
     * Hands out copies: without crossing, Arbiter's operators hand out a parent's own genes, in
     * which the mutation then writes.
     */
    private static final class CopyingCrossover extends CrossoverOperator {
        private final CrossoverOperator operator;

        CopyingCrossover(CrossoverOperator operator) {
            this.operator = operator;
        }

        @Override
        public void initializeInstance(PopulationModel population) {
            operator.initializeInstance(population);
        }

        @Override
        public CrossoverResult crossover() {
            CrossoverResult result = operator.crossover();
            return new CrossoverResult(result.isModified(), result.getGenes().clone());
        }
    }
}
