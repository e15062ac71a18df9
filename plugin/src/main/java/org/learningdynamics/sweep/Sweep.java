package org.learningdynamics.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.sweep.record.Goal;
import org.learningdynamics.sweep.record.SweepFile;
import org.learningdynamics.sweep.record.SweepHeader;
import org.learningdynamics.sweep.record.SweepWriter;

/**
 * Draws candidates by one of Arbiter's searches, trains and records each, scores each from its
 * recording, and writes down what became of it: a folder with {@link SweepFile#NAME} and a run file
 * a stage of a candidate under {@code runs}.
 *
 * <p>The file is the truth: a result is on the disk before anybody is told of it. Run again in the
 * same folder, a sweep draws the same candidates, takes the results that the file has and trains
 * the others, after a kill as after an end with narrower {@link Limits}. The same seed gives the
 * same candidates and, but for times, the same scores, with any number of workers.
 *
 * <pre>{@code
 * SweepFile result =
 *         Sweep.builder(space, trainer, folder)
 *                 .name("beta").scores(List.of(Score.PREFERENCE_ACCURACY))
 *                 .limits(Limits.candidates(12))
 *                 .build()
 *                 .run();
 * }</pre>
 *
 * @param <T> what the space draws
 */
public final class Sweep<T> {
    private final ParameterSpace<T> space;
    private final CandidateTrainer<T> trainer;
    private final CandidateRunner<T> runner;
    private final Path folder;
    private final String name;
    private final Search search;
    private final long seed;
    private final List<Score> scores;
    private final StoppingRules rules;
    private final Limits limits;
    private final Resources resources;
    private final String configuration;
    private final Consumer<SweepProgress> progress;
    private final InstantSource clock;

    private Sweep(Builder<T> builder) {
        space = builder.space;
        trainer = builder.trainer;
        runner = builder.runner;
        folder = builder.folder;
        name = builder.name;
        search = builder.search;
        seed = builder.seed;
        scores = builder.scores;
        rules = builder.rules;
        limits = builder.limits;
        resources = builder.resources;
        configuration = builder.configuration;
        progress = builder.progress;
        clock = builder.clock;
    }

    /**
     * Starts with what every sweep needs.
     *
     * @param space what candidates are drawn from
     * @param trainer trains them
     * @param folder gets the sweep file and the run files
     * @param <T> what the space draws
     * @return a builder
     */
    public static <T> Builder<T> builder(
            ParameterSpace<T> space, CandidateTrainer<T> trainer, Path folder) {
        return new Builder<>(space, trainer, folder);
    }

    /**
     * Runs or resumes the sweep. Blocks until every candidate has a result or the time is over.
     *
     * @return what the file holds
     * @throws InterruptedException if the thread is interrupted; candidates under way are given up
     *     without a result and trained when the sweep is resumed
     * @throws org.learningdynamics.sweep.record.SweepFileException if the folder holds a sweep of
     *     another identity or one that is being written
     * @throws RunnerException if the place where candidates are trained failed
     * @throws UncheckedIOException if the folder cannot be written
     */
    public SweepFile run() throws InterruptedException {
        CandidateGenerator generator =
                search.generator(space, seed, scores.get(0).goal() == Goal.MINIMIZE);
        Path runs = folder.resolve(CandidateJob.RUNS);
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw new UncheckedIOException(runs + ": " + e.getMessage(), e);
        }
        try (SweepWriter writer = SweepWriter.open(folder, header())) {
            CandidateDraws<T> draws = new CandidateDraws<>(space, generator, scores.get(0).label());
            CandidateAttempts<T> attempts =
                    new CandidateAttempts<>(
                            trainer, runner, scores, rules, folder, resources.memoryBytes());
            CandidateTasks<T> tasks = new CandidateTasks<>(attempts, writer, resources.workers());
            new SweepRounds<>(draws, tasks, limits, isRoundBound(), clock, progress).run();
        }
        return SweepFile.read(folder);
    }

    /** Whether candidates depend on the results of others. */
    private boolean isRoundBound() {
        return search.isAdaptive() || rules.median().isPresent();
    }

    private SweepHeader header() {
        List<Object> parts =
                List.of(
                        search,
                        seed,
                        scores,
                        rules,
                        isRoundBound() ? limits.round() : 0,
                        trainer.identity());
        return new SweepHeader(
                name,
                SweepIdentity.of(space, parts),
                configuration,
                List.copyOf(SpaceLeaves.values(space, new double[space.numParameters()]).keySet()),
                scores.stream().map(Score::column).toList(),
                RunHeader.builder(name, clock.instant()).build().libraryVersion(),
                clock.instant());
    }

    /**
     * Collects a {@link Sweep}; {@link #build} checks that its parts fit together.
     *
     * @param <T> what the space draws
     */
    public static final class Builder<T> {
        private final ParameterSpace<T> space;
        private final CandidateTrainer<T> trainer;
        private final Path folder;
        private String name = "sweep";
        private Search search = new RandomSearch();
        private long seed = 1;
        private List<Score> scores = List.of(Score.FINAL_LOG_PROB);
        private StoppingRules rules = StoppingRules.NONE;
        private Limits limits = Limits.candidates(10);
        private Resources resources = Resources.DEFAULT;
        private String configuration = "";
        private Consumer<SweepProgress> progress = at -> {};
        private InstantSource clock = InstantSource.system();
        private CandidateRunner<T> runner;

        private Builder(ParameterSpace<T> space, CandidateTrainer<T> trainer, Path folder) {
            this.space = space;
            this.trainer = trainer;
            runner = (job, place) -> job.run(trainer, place);
            this.folder = folder;
        }

        /**
         * Names the sweep.
         *
         * @param value for people; not blank
         * @return this
         */
        public Builder<T> name(String value) {
            name = value;
            return this;
        }

        /**
         * Chooses how candidates are drawn.
         *
         * @param value at random by default
         * @return this
         */
        public Builder<T> search(Search value) {
            search = value;
            return this;
        }

        /**
         * Sets the seed of the search.
         *
         * @param value 1 by default
         * @return this
         */
        public Builder<T> seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Chooses the scores.
         *
         * @param values at least one, each once; the first ranks the candidates and leads an
         *     adaptive search
         * @return this
         */
        public Builder<T> scores(List<Score> values) {
            scores = List.copyOf(values);
            return this;
        }

        /**
         * Chooses when candidates are stopped early.
         *
         * @param value only for what is not a number by default
         * @return this
         */
        public Builder<T> stopping(StoppingRules value) {
            rules = value;
            return this;
        }

        /**
         * Chooses how long the sweep goes on.
         *
         * @param value 10 candidates by default
         * @return this
         */
        public Builder<T> limits(Limits value) {
            limits = value;
            return this;
        }

        /**
         * Chooses workers and memory.
         *
         * @param value one worker by default
         * @return this
         */
        public Builder<T> resources(Resources value) {
            resources = value;
            return this;
        }

        /**
         * Chooses where candidates are trained; changes nothing about what becomes of them.
         *
         * @param value the sweep's own threads by default
         * @return this
         */
        public Builder<T> runner(CandidateRunner<T> value) {
            runner = value;
            return this;
        }

        /**
         * Keeps the configuration's text in the file.
         *
         * @param text for people; empty by default
         * @return this
         */
        public Builder<T> configuration(String text) {
            configuration = text;
            return this;
        }

        /**
         * Shows progress.
         *
         * @param value told at the start and after every result, by one thread at a time; must be
         *     quick
         * @return this
         */
        public Builder<T> progress(Consumer<SweepProgress> value) {
            progress = value;
            return this;
        }

        /**
         * Sets the clock that date and time limit come from.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder<T> clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the sweep, not started
         * @throws SweepConfigException naming the first rule that is broken
         */
        public Sweep<T> build() {
            if (name.isBlank()) {
                throw new SweepConfigException("name must not be blank, got \"" + name + "\"");
            }
            if (scores.isEmpty() || Set.copyOf(scores).size() < scores.size()) {
                throw new SweepConfigException(
                        "scores must hold at least one score and each once, got " + labels(scores));
            }
            if (!trainer.scores().containsAll(scores)) {
                throw new SweepConfigException(
                        "scores must be among "
                                + labels(new TreeSet<>(trainer.scores()))
                                + " with this data and recording, got "
                                + labels(scores));
            }
            boolean isCurveUsed = rules.patience().isPresent() || rules.median().isPresent();
            if (isCurveUsed && !trainer.scores().contains(rules.curve())) {
                throw new SweepConfigException(
                        "stop.curve must be among "
                                + labels(new TreeSet<>(trainer.scores()))
                                + ", got "
                                + rules.curve().label());
            }
            boolean isEndless =
                    !(search instanceof GridSearch)
                            && limits.candidates().isEmpty()
                            && limits.time().isEmpty();
            if (isEndless) {
                throw new SweepConfigException(
                        "max_candidates or max_seconds must be given but for grid search, got"
                                + " neither");
            }
            SpaceRules.requireMoments(space);
            trainer.check(space);
            return new Sweep<>(this);
        }

        private static List<String> labels(Iterable<Score> scores) {
            List<String> labels = new java.util.ArrayList<>();
            scores.forEach(score -> labels.add(score.label()));
            return labels;
        }
    }
}
