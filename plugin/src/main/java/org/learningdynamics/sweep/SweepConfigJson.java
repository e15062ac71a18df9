package org.learningdynamics.sweep;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The fields of a configuration file; null is what was left out. Filled by the mapper. */
@JsonInclude(JsonInclude.Include.NON_NULL)
final class SweepConfigJson {
    private static final long MEBIBYTE = 1L << 20;

    @Nullable String name;
    @Nullable Long seed;
    @Nullable Search search;
    @Nullable Map<String, ParameterSpace<?>> space;
    @Nullable Map<String, Object> fixed;
    @Nullable List<String> scores;
    @Nullable Stop stop;

    @JsonProperty("max_candidates")
    @Nullable Integer maxCandidates;

    @JsonProperty("max_seconds")
    @Nullable Double maxSeconds;

    @Nullable Integer round;
    @Nullable Integer workers;

    @JsonProperty("memory_mib")
    @Nullable Long memoryMib;

    @Nullable Recorded record;
    @Nullable Map<String, Object> data;

    /** Section {@code stop}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    static final class Stop {
        @Nullable String curve;
        @Nullable Boolean squeezing;

        @JsonProperty("no_progress")
        @Nullable Integer noProgress;

        @Nullable Median median;
    }

    /** Section {@code stop.median}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    static final class Median {
        @Nullable Integer after;
        @Nullable Integer candidates;
    }

    /** Section {@code record}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    static final class Recorded {
        @Nullable Integer times;
        @Nullable Boolean influence;
    }

    SweepConfig config() {
        if (space == null || space.isEmpty()) {
            throw new SweepConfigException("space must vary at least one parameter, got none");
        }
        List<Score> judged =
                (scores == null ? List.<String>of() : scores).stream().map(Score::of).toList();
        if (judged.isEmpty()) {
            throw new SweepConfigException("scores must hold at least one score, got none");
        }
        return new SweepConfig(
                or(name, "sweep"),
                or(seed, 1L),
                or(search, new RandomSearch()),
                new TrainingSpace(space, or(fixed, Map.of())),
                judged,
                stopping(judged),
                new Limits(
                        Optional.ofNullable(maxCandidates),
                        Optional.ofNullable(maxSeconds)
                                .map(s -> Duration.ofMillis(Math.round(1000 * s))),
                        or(round, Limits.DEFAULT_ROUND)),
                new Resources(or(workers, 1), memoryBytes()),
                recording(),
                or(data, Map.of()));
    }

    private long memoryBytes() {
        return memoryMib == null ? Long.MAX_VALUE : Math.multiplyExact(memoryMib, MEBIBYTE);
    }

    private StoppingRules stopping(List<Score> judged) {
        Stop given = or(stop, new Stop());
        Score curve =
                given.curve != null
                        ? Score.of(given.curve)
                        : judged.stream()
                                .filter(Score::isCurve)
                                .findFirst()
                                .orElse(Score.FINAL_LOG_PROB);
        return new StoppingRules(
                curve,
                or(given.squeezing, false),
                Optional.ofNullable(given.noProgress),
                Optional.ofNullable(given.median)
                        .map(
                                m ->
                                        new MedianRule(
                                                or(m.after, MedianRule.DEFAULT_AFTER),
                                                or(m.candidates, MedianRule.DEFAULT_CANDIDATES))));
    }

    private SweepConfig.Recording recording() {
        Recorded given = or(record, new Recorded());
        return new SweepConfig.Recording(
                or(given.times, SweepConfig.Recording.DEFAULT.times()),
                or(given.influence, SweepConfig.Recording.DEFAULT.influence()));
    }

    private static <V> V or(@Nullable V value, V absent) {
        return value == null ? absent : value;
    }

    static SweepConfigJson of(SweepConfig config) {
        SweepConfigJson json = new SweepConfigJson();
        json.name = config.name();
        json.seed = config.seed();
        json.search = config.search();
        json.space = new LinkedHashMap<>(config.space().spaces());
        Map<String, Object> alone = new LinkedHashMap<>(config.space().fixed());
        alone.keySet().removeAll(config.space().spaces().keySet());
        json.fixed = alone;
        json.scores = config.scores().stream().map(Score::label).toList();
        json.stop = stop(config.stopping());
        json.maxCandidates = config.limits().candidates().orElse(null);
        json.maxSeconds = config.limits().time().map(time -> time.toMillis() / 1000.0).orElse(null);
        json.round = config.limits().round();
        json.workers = config.resources().workers();
        long bytes = config.resources().memoryBytes();
        json.memoryMib = bytes == Long.MAX_VALUE ? null : bytes / MEBIBYTE;
        json.record = new Recorded();
        json.record.times = config.recording().times();
        json.record.influence = config.recording().influence();
        json.data = config.data();
        return json;
    }

    private static Stop stop(StoppingRules rules) {
        Stop stop = new Stop();
        stop.curve = rules.curve().label();
        stop.squeezing = rules.squeezing();
        stop.noProgress = rules.patience().orElse(null);
        rules.median()
                .ifPresent(
                        rule -> {
                            Median median = new Median();
                            median.after = rule.after();
                            median.candidates = rule.candidates();
                            stop.median = median;
                        });
        return stop;
    }
}
