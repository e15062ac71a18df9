package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;
import org.learningdynamics.sweep.record.SweepFileException;

@Timeout(60)
class SweepTest {
    private static final Resources TWO = new Resources(2, Long.MAX_VALUE);
    private static final TrainingSpace BETAS =
            new TrainingSpace(Map.of("beta", new ContinuousParameterSpace(-1.0, 1.0)), Map.of());

    @TempDir private Path folder;

    private Sweep.Builder<TrainingChoice> fake(String name, FakeTrainer trainer) {
        return Sweep.builder(BETAS, trainer, folder.resolve(name)).limits(Limits.candidates(8));
    }

    /** Everything but times. */
    private static Map<Integer, List<Object>> results(SweepFile file) {
        Map<Integer, List<Object>> results = new TreeMap<>();
        for (ResultRow row : file.results()) {
            results.put(
                    row.index(),
                    List.of(
                            file.parameters(row.index()),
                            row.state(),
                            row.cause(),
                            row.runs(),
                            row.scores()));
        }
        return results;
    }

    @Test
    void trainedModelsGiveTheSameScoresWithAnyNumberOfWorkers() throws Exception {
        List<Score> scores =
                List.of(Score.PREFERENCE_MARGIN, Score.FINAL_LOG_PROB, Score.ARGMAX_SHARE);
        List<SweepFile> files = new ArrayList<>();
        for (Resources resources : List.of(Resources.DEFAULT, TWO)) {
            files.add(
                    Sweep.builder(
                                    SweepTask.space(),
                                    SweepTask.trainer().build(),
                                    folder.resolve("w" + resources.workers()))
                            .scores(scores)
                            .limits(Limits.candidates(2))
                            .resources(resources)
                            .build()
                            .run());
        }
        assertEquals(2, files.get(0).results().size());
        assertEquals(results(files.get(0)), results(files.get(1)));
        for (ResultRow row : files.get(0).results()) {
            assertEquals(CandidateState.DONE, row.state(), row.cause());
            for (String run : row.runs()) {
                assertTrue(Files.exists(folder.resolve("w1").resolve(run)), run);
            }
        }
    }

    @Test
    void sameSeedsGiveSameCandidatesForEverySearch() throws Exception {
        List<Search> searches =
                List.of(
                        new RandomSearch(),
                        new GridSearch(8, GridSearch.Order.RANDOM),
                        new GeneticSearch(3, 0.85, 0.3));
        for (Search search : searches) {
            List<Map<Integer, List<Object>>> seen = new ArrayList<>();
            for (long seed : new long[] {5, 5, 6}) {
                String name = search.getClass().getSimpleName() + seen.size();
                Sweep.Builder<TrainingChoice> sweep = fake(name, new FakeTrainer());
                Resources resources = seen.size() == 1 ? TWO : Resources.DEFAULT;
                sweep.search(search).seed(seed).resources(resources).limits(Limits.candidates(5));
                seen.add(results(sweep.build().run()));
            }
            assertEquals(5, seen.get(0).size());
            assertEquals(seen.get(0), seen.get(1), search.toString());
            assertFalse(seen.get(0).equals(seen.get(2)), search.toString());
        }
    }

    @Test
    void resumesWithoutTrainingAgainWhatHasAResult() throws Exception {
        FakeTrainer first = new FakeTrainer();
        SweepFile half = fake("s", first).limits(Limits.candidates(4)).build().run();
        FakeTrainer second = new FakeTrainer();
        SweepFile whole = fake("s", second).build().run();
        assertEquals(4, first.trained.get());
        assertEquals(4, second.trained.get());
        assertEquals(half.results(), whole.results().subList(0, 4));
        assertEquals(results(fake("other", new FakeTrainer()).build().run()), results(whole));
    }

    @Test
    void aTornLineAndAMissingResultAreMadeGood() throws Exception {
        SweepFile whole = fake("s", new FakeTrainer()).build().run();
        Path file = folder.resolve("s").resolve(SweepFile.NAME);
        List<String> lines = Files.readAllLines(file);
        String last = lines.get(lines.size() - 1);
        String kept = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        Files.writeString(file, kept + last.substring(0, last.length() / 2));
        assertEquals(7, SweepFile.read(file).results().size());
        FakeTrainer again = new FakeTrainer();
        SweepFile mended = fake("s", again).build().run();
        assertEquals(1, again.trained.get());
        assertEquals(results(whole), results(mended));
        assertEquals(lines.size(), Files.readAllLines(file).size());
    }

    @Test
    void refusesTheFolderOfAnotherSweep() throws Exception {
        fake("s", new FakeTrainer()).build().run();
        Sweep<TrainingChoice> other = fake("s", new FakeTrainer()).seed(9).build();
        SweepFileException e = assertThrows(SweepFileException.class, other::run);
        assertTrue(
                e.getMessage().contains("must be of the same configuration and data"),
                e.getMessage());
    }

    @Test
    void refusesAFolderThatIsBeingWritten() throws Exception {
        List<String> messages = new ArrayList<>();
        FakeTrainer outer =
                new FakeTrainer() {
                    @Override
                    void begin(TrainingChoice choice, CandidateWork work) {
                        Sweep<TrainingChoice> inner = fake("s", new FakeTrainer()).build();
                        messages.add(
                                assertThrows(SweepFileException.class, inner::run).getMessage());
                    }
                };
        fake("s", outer).limits(Limits.candidates(1)).build().run();
        assertTrue(messages.get(0).contains("is being written by another sweep"), messages.get(0));
    }

    @Test
    void whatFailsIsWrittenWithItsCauseAndTheSweepGoesOn() throws Exception {
        FakeTrainer trainer =
                new FakeTrainer() {
                    @Override
                    void begin(TrainingChoice choice, CandidateWork work) throws Exception {
                        switch (work.index()) {
                            case 1 -> throw new OutOfMemoryError("Cannot allocate 9 GB");
                            case 2 ->
                                    throw new IllegalArgumentException("beta must be > 0, got -1");
                            case 3 -> throw new IllegalStateException("no luck\nat all");
                            default -> {}
                        }
                    }

                    @Override
                    double logProb(TrainingChoice choice, int recording) {
                        return choice.number(TrainingParameter.BETA).orElse(0) > 0.5
                                        && recording == 2
                                ? Double.NaN
                                : super.logProb(choice, recording);
                    }
                };
        SweepFile file = fake("s", trainer).build().run();
        Map<Integer, ResultRow> results = file.byCandidate();
        assertEquals(8, results.size());
        assertEquals("OutOfMemoryError: Cannot allocate 9 GB", results.get(1).cause());
        assertEquals("infeasible: beta must be > 0, got -1", results.get(2).cause());
        assertEquals("IllegalStateException: no luck", results.get(3).cause());
        int nan = 0;
        for (int i : new int[] {0, 4, 5, 6, 7}) {
            boolean isHigh = (double) file.parameters(i).get("beta") > 0.5;
            String expected =
                    isHigh ? "a log-probability of chosen is NaN after update 2 of dpo" : "";
            assertEquals(expected, results.get(i).cause());
            nan += isHigh ? 1 : 0;
        }
        assertTrue(nan > 0, "the seed must draw a high beta");
    }

    @Test
    void workersShareTheMemory() throws Exception {
        FakeTrainer large =
                new FakeTrainer() {
                    @Override
                    public long memoryBytes(TrainingChoice choice) {
                        return choice.number(TrainingParameter.BETA).orElse(0) > 0.5
                                ? 9 << 20
                                : 5 << 20;
                    }

                    @Override
                    void begin(TrainingChoice choice, CandidateWork work) throws Exception {
                        Thread.sleep(20);
                    }
                };
        SweepFile file = fake("s", large).resources(new Resources(4, 8 << 20)).build().run();
        assertEquals(1, large.most.get());
        List<String> causes =
                file.results().stream()
                        .filter(r -> r.state() == CandidateState.FAILED)
                        .map(ResultRow::cause)
                        .distinct()
                        .toList();
        assertEquals(List.of("memory must be at most 8 MiB a candidate, needs about 9"), causes);
    }

    @Test
    void workersTrainAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        FakeTrainer trainer =
                new FakeTrainer() {
                    @Override
                    void begin(TrainingChoice choice, CandidateWork work) throws Exception {
                        both.await(20, TimeUnit.SECONDS);
                    }
                };
        assertEquals(8, fake("s", trainer).resources(TWO).build().run().results().size());
        assertEquals(2, trainer.most.get());
    }

    @Test
    void beginsNothingAfterItsTime() throws Exception {
        List<Instant> now = new ArrayList<>(List.of(Instant.EPOCH));
        FakeTrainer slow =
                new FakeTrainer() {
                    @Override
                    void begin(TrainingChoice choice, CandidateWork work) {
                        now.set(0, now.get(0).plusSeconds(10));
                    }
                };
        Limits limits = new Limits(Optional.of(50), Optional.of(Duration.ofSeconds(25)), 1);
        SweepFile file =
                fake("s", slow)
                        .clock(() -> now.get(0))
                        .limits(limits)
                        .search(new GeneticSearch(3, 0.8, 0.2))
                        .build()
                        .run();
        assertEquals(3, file.results().size());
    }

    @Test
    void drawsNoCandidateTwiceAndEndsWhereThereIsNoOther() throws Exception {
        TrainingSpace few =
                new TrainingSpace(
                        Map.of("beta", new DiscreteParameterSpace<Double>(0.1, 0.2, 0.3)),
                        Map.of());
        for (Search search : List.of(new RandomSearch(), new GeneticSearch(3, 0.8, 0.2))) {
            FakeTrainer trainer = new FakeTrainer();
            SweepFile file =
                    Sweep.builder(few, trainer, folder.resolve(search.getClass().getSimpleName()))
                            .search(search)
                            .limits(Limits.candidates(20))
                            .build()
                            .run();
            Set<Object> betas = new HashSet<>();
            file.candidates().forEach(c -> betas.add(c.parameters().get("beta")));
            assertEquals(Set.of(0.1, 0.2, 0.3), betas);
            assertEquals(3, trainer.trained.get());
        }
    }

    @Test
    void stopsCandidatesThatAreWorseThanTheMedianOfEarlierRounds() throws Exception {
        StoppingRules rules =
                new StoppingRules(
                        Score.FINAL_LOG_PROB,
                        false,
                        Optional.empty(),
                        Optional.of(new MedianRule(2, 4)));
        List<Map<Integer, List<Object>>> seen = new ArrayList<>();
        for (Resources resources : List.of(Resources.DEFAULT, TWO)) {
            Sweep.Builder<TrainingChoice> sweep =
                    fake("m" + resources.workers(), new FakeTrainer());
            SweepFile file =
                    sweep.stopping(rules)
                            .resources(resources)
                            .limits(Limits.candidates(12))
                            .build()
                            .run();
            seen.add(results(file));
            double[] first =
                    file.candidates().subList(0, 4).stream()
                            .mapToDouble(c -> (double) c.parameters().get("beta"))
                            .sorted()
                            .toArray();
            for (ResultRow row : file.results()) {
                double beta = (double) file.parameters(row.index()).get("beta");
                if (row.index() < 4) {
                    assertEquals(CandidateState.DONE, row.state());
                } else if (row.index() < 8) {
                    // best so far: -10 + 2β (or −10 + β below 0); running mean of others: −10 +
                    // 1.5β
                    double median = 1.5 * (first[1] + first[2]) / 2;
                    boolean isWorse = (beta > 0 ? 2 * beta : beta) < median;
                    assertEquals(
                            isWorse ? CandidateState.STOPPED : CandidateState.DONE, row.state());
                    assertEquals(isWorse, row.cause().startsWith("after update 2 of dpo: Median:"));
                }
            }
        }
        assertTrue(seen.get(0).values().stream().anyMatch(r -> r.get(1) == CandidateState.STOPPED));
        assertEquals(seen.get(0), seen.get(1));
    }

    @Test
    void stopsCandidatesWithoutProgress() throws Exception {
        StoppingRules rules =
                new StoppingRules(Score.FINAL_LOG_PROB, false, Optional.of(2), Optional.empty());
        SweepFile file = fake("s", new FakeTrainer()).stopping(rules).build().run();
        for (ResultRow row : file.results()) {
            boolean falls = (double) file.parameters(row.index()).get("beta") <= 0;
            assertEquals(falls ? CandidateState.STOPPED : CandidateState.DONE, row.state());
            assertEquals(falls ? 3 : FakeTrainer.RECORDINGS, row.curve().length);
        }
        assertTrue(file.results().stream().anyMatch(r -> r.state() == CandidateState.STOPPED));
    }

    @Test
    void tellsTheBestSoFar() throws Exception {
        List<SweepProgress> told = new ArrayList<>();
        SweepFile file = fake("s", new FakeTrainer()).progress(told::add).build().run();
        assertEquals(9, told.size());
        assertEquals(new SweepProgress(0, OptionalInt.of(8), 0, 0, Optional.empty()), told.get(0));
        assertEquals(8, told.get(8).ended());
        assertEquals(file.best(), told.get(8).best());
        double best =
                file.candidates().stream()
                        .mapToDouble(c -> (double) c.parameters().get("beta"))
                        .max()
                        .orElseThrow();
        assertEquals(best, file.parameters(file.best().orElseThrow().index()).get("beta"));
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        assertMessage(
                "scores must be among [final_log_prob, best_log_prob, squeezing_index, argmax_share,"
                        + " wall_time] with this data and recording, got [trust]",
                fake("s", new FakeTrainer()).scores(List.of(Score.TRUST)));
        assertMessage(
                "scores must hold at least one score and each once, got []",
                fake("s", new FakeTrainer()).scores(List.of()));
        assertMessage(
                "max_candidates or max_seconds must be given but for grid search, got neither",
                fake("s", new FakeTrainer())
                        .limits(new Limits(Optional.empty(), Optional.empty(), 4)));
        assertMessage("name must not be blank, got \" \"", fake("s", new FakeTrainer()).name(" "));
    }

    private static void assertMessage(String message, Sweep.Builder<?> sweep) {
        assertEquals(message, assertThrows(SweepConfigException.class, sweep::build).getMessage());
    }
}
