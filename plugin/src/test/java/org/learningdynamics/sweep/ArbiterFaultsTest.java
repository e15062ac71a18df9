package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.arbiter.MultiLayerSpace;
import org.deeplearning4j.arbiter.conf.updater.AdamSpace;
import org.deeplearning4j.arbiter.layers.DenseLayerSpace;
import org.deeplearning4j.arbiter.layers.OutputLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.BooleanSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.arbiter.optimize.serde.jackson.JsonMapper;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.sweep.record.SweepFile;
import org.nd4j.linalg.learning.config.Adam;

/** What Arbiter 1.0.0-beta7 does wrong, and what a sweep does in its place. */
class ArbiterFaultsTest {
    private static final ParameterSpace<Double> RATES = new ContinuousParameterSpace(0.001, 0.1);

    @TempDir private Path folder;

    private static TrainingSpace betas(Supplier<ParameterSpace<?>> space) {
        return new TrainingSpace(
                Map.of("beta", space.get(), "steps", new IntegerParameterSpace(1, 1000)), Map.of());
    }

    private static List<String> values(CandidateGenerator generator, int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(generator.getCandidate().getValue().toString());
        }
        return values;
    }

    /** Its runner goes on asking an exhausted grid for ever. */
    @Test
    @Timeout(20)
    void anExhaustedGridEndsTheSweep() throws Exception {
        TrainingSpace space =
                new TrainingSpace(
                        Map.of(
                                "beta", new DiscreteParameterSpace<Double>(0.1, 0.2),
                                "sft_steps", new IntegerParameterSpace(0, 9)),
                        Map.of());
        SweepFile file =
                Sweep.builder(space, new FakeTrainer(), folder)
                        .search(new GridSearch(3, GridSearch.Order.SEQUENTIAL))
                        .limits(
                                new Limits(
                                        java.util.Optional.empty(), java.util.Optional.empty(), 4))
                        .build()
                        .run();
        assertEquals(6, file.results().size());
        Set<Map<String, Object>> different = new HashSet<>();
        file.candidates().forEach(candidate -> different.add(candidate.parameters()));
        assertEquals(6, different.size());
    }

    /** Its runner overruns a maximum with several workers, and loses the last results. */
    @Test
    void aMaximumIsExactAndNoResultIsLost() throws Exception {
        for (int workers : new int[] {1, 3}) {
            FakeTrainer trainer = new FakeTrainer();
            SweepFile file =
                    Sweep.builder(betas(() -> RATES), trainer, folder.resolve("w" + workers))
                            .limits(Limits.candidates(7))
                            .resources(new Resources(workers, Long.MAX_VALUE))
                            .build()
                            .run();
            assertEquals(7, trainer.trained.get());
            assertEquals(7, file.candidates().size());
            assertEquals(7, file.results().size());
        }
    }

    /** The order of a shuffled grid comes from the clock, whatever its seed. */
    @Test
    void aShuffledGridKeepsToItsSeed() {
        TrainingSpace space = betas(() -> RATES);
        Search grid = new GridSearch(5, GridSearch.Order.RANDOM);
        List<String> first = values(grid.generator(space, 3, false), 25);
        assertEquals(first, values(grid.generator(space, 3, false), 25));
        assertNotEquals(first, values(grid.generator(space, 4, false), 25));
        assertEquals(
                new HashSet<>(first),
                new HashSet<>(
                        values(
                                new GridSearch(5, GridSearch.Order.SEQUENTIAL)
                                        .generator(space, 3, false),
                                25)));
    }

    /** A parameter of one value shifts the places of all others, and fails far from the cause. */
    @Test
    void aSingleValueCountsAsFixed() {
        ParameterSpace<Integer> single = new DiscreteParameterSpace<Integer>(5);
        TrainingSpace space =
                new TrainingSpace(
                        Map.of(
                                "batch", single,
                                "beta", new DiscreteParameterSpace<Double>(0.1, 0.2),
                                "layers", new IntegerParameterSpace(2, 2)),
                        Map.of());
        assertEquals(List.of("beta"), space.names());
        GridSearch grid = new GridSearch(3, GridSearch.Order.SEQUENTIAL);
        assertEquals(
                List.of("{batch=5, beta=0.1, layers=2}", "{batch=5, beta=0.2, layers=2}"),
                values(grid.generator(space, 1, false), 2));
        MultiLayerSpace network = network(new DiscreteParameterSpace<Integer>(3, 4), single);
        assertThrows(
                ArrayIndexOutOfBoundsException.class,
                () -> {
                    throw new GridSearchCandidateGenerator(
                                    network,
                                    3,
                                    GridSearchCandidateGenerator.Mode.Sequential,
                                    Map.of())
                            .getCandidate()
                            .getException();
                });
        assertEquals(
                "layer_1.nOut must be a FixedValue or have at least 2 values for grid search, got 1",
                assertThrows(SweepConfigException.class, () -> grid.generator(network, 1, false))
                        .getMessage());
    }

    /** The grid gives a flag as many places as a number, so that it draws candidates twice. */
    @Test
    void aFlagHasTwoPlacesInAGrid() {
        TrainingSpace space = new TrainingSpace(Map.of("extended", new BooleanSpace()), Map.of());
        GridSearchCandidateGenerator grid =
                (GridSearchCandidateGenerator)
                        new GridSearch(5, GridSearch.Order.SEQUENTIAL).generator(space, 1, false);
        assertEquals(2, grid.getTotalNumCandidates());
        assertEquals(List.of("{extended=true}", "{extended=false}"), values(grid, 2));
    }

    /** Its genetic generator does not go through JSON; settings and seed of ours do. */
    @Test
    void aGeneticSearchIsItsSettingsAndASeed() {
        GeneticSearch search = new GeneticSearch(4, 0.5, 0.3);
        CandidateGenerator arbiters = search.generator(betas(() -> RATES), 1, false);
        assertThrows(
                Exception.class,
                () ->
                        JsonMapper.getMapper()
                                .readValue(
                                        JsonMapper.getMapper().writeValueAsString(arbiters),
                                        CandidateGenerator.class));
        List<List<String>> seen = new ArrayList<>();
        for (long seed : new long[] {2, 2, 3}) {
            seen.add(evolved(search.generator(betas(() -> RATES), seed, false)));
        }
        assertEquals(seen.get(0), seen.get(1));
        assertNotEquals(seen.get(0), seen.get(2));
    }

    private static List<String> evolved(CandidateGenerator generator) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Candidate<?> candidate = generator.getCandidate();
            values.add(candidate.getValue().toString());
            generator.reportResults(
                    new OptimizationResult(candidate, 1.0 * (i % 7), i, "", null, null));
        }
        return values;
    }

    /** Without crossing, its mutation writes into the genes of a member of the population. */
    @Test
    void mutationLeavesParentsAsTheyAre() {
        GeneticSearch search = new GeneticSearch(6, 0, 1);
        GeneticSearchCandidateGenerator generator =
                (GeneticSearchCandidateGenerator) search.generator(betas(() -> RATES), 1, false);
        List<double[]> genes = new ArrayList<>();
        List<double[]> copies = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Candidate<?> candidate = generator.getCandidate();
            genes.add(candidate.getFlatParameters());
            copies.add(candidate.getFlatParameters().clone());
            generator.reportResults(new OptimizationResult(candidate, 1.0 * i, i, "", null, null));
        }
        for (int i = 0; i < genes.size(); i++) {
            assertArrayEquals(copies.get(i), genes.get(i), "member " + i);
        }
    }

    /** With a population that breeds from one member it looks for a second one without end. */
    @Test
    void aPopulationHasRoomForTwoParents() {
        assertEquals(
                "search.population must be >= 3, got 2",
                assertThrows(SweepConfigException.class, () -> new GeneticSearch(2, 0.8, 0.1))
                        .getMessage());
        GeneticSearch smallest = new GeneticSearch(3, 0.8, 0.1);
        assertEquals(20, evolved(smallest.generator(betas(() -> RATES), 1, false)).size());
    }

    private static MultiLayerSpace network(
            ParameterSpace<Integer> hidden, ParameterSpace<Integer> out) {
        return new MultiLayerSpace.Builder()
                .addLayer(new DenseLayerSpace.Builder().nIn(4).nOut(hidden).build())
                .addLayer(new OutputLayerSpace.Builder().nOut(out).build())
                .setInputType(InputType.feedForward(4))
                .build();
    }

    /** Moments that are not given become the default learning rate. */
    @Test
    void updaterSpacesMustBeGivenTheirMoments() {
        AdamSpace unset = new AdamSpace(RATES);
        RATES.setIndices(0);
        assertEquals(1e-3, ((Adam) unset.getValue(new double[] {0.5})).getBeta1());
        ParameterSpace<Double> moment = new FixedValue<>(0.9);
        MultiLayerSpace wrong = new MultiLayerSpace.Builder().updater(unset).build();
        SweepConfigException e =
                assertThrows(SweepConfigException.class, () -> SpaceRules.requireMoments(wrong));
        assertEquals(
                "updater: a AdamSpace must be given beta1, beta2 and epsilon (0.9, 0.999 and 1e-8"
                        + " are usual), got [learningRate]; Arbiter takes 0.001 for each that is"
                        + " left out",
                e.getMessage());
        SpaceRules.requireMoments(
                new MultiLayerSpace.Builder()
                        .updater(new AdamSpace(RATES, moment, moment, moment))
                        .build());
    }

    /** A candidate that its space cannot build is only an exception inside it. */
    @Test
    void whatASpaceCannotBuildIsAFailedCandidate() throws Exception {
        TrainingSpace space =
                new TrainingSpace(Map.of("beta", new ContinuousParameterSpace(0, 1)), Map.of());
        SweepFile file =
                Sweep.builder(new Infeasible(space), new FakeTrainer(), folder)
                        .limits(Limits.candidates(6))
                        .build()
                        .run();
        assertEquals(6, file.results().size());
        long failed =
                file.results().stream()
                        .filter(r -> r.cause().equals("infeasible: beta is too high"))
                        .count();
        long high =
                file.candidates().stream()
                        .filter(c -> (double) c.parameters().get("beta") > 0.5)
                        .count();
        assertTrue(failed > 0 && failed < 6, "the seed must draw both");
        assertEquals(high, failed);
        assertFalse(file.ranked().isEmpty());
    }

    /** Builds only low values. */
    private record Infeasible(TrainingSpace space) implements ParameterSpace<TrainingChoice> {
        @Override
        public TrainingChoice getValue(double[] genes) {
            TrainingChoice choice = space.getValue(genes);
            if (choice.number(TrainingParameter.BETA).orElse(0) > 0.5) {
                throw new IllegalArgumentException("beta is too high");
            }
            return choice;
        }

        @Override
        public int numParameters() {
            return space.numParameters();
        }

        @Override
        @SuppressWarnings("rawtypes") // Arbiter's interface
        public List<ParameterSpace> collectLeaves() {
            return space.collectLeaves();
        }

        @Override
        @SuppressWarnings("rawtypes") // Arbiter's interface
        public Map<String, ParameterSpace> getNestedSpaces() {
            return space.getNestedSpaces();
        }

        @Override
        public boolean isLeaf() {
            return false;
        }

        @Override
        public void setIndices(int... indices) {
            space.setIndices(indices);
        }
    }
}
