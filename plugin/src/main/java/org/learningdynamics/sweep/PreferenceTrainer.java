package org.learningdynamics.sweep;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.PreferenceRow;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.LoraConfig;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/**
 * Trains language models on preferences: supervised fine-tuning if the candidate asks for it, then
 * its method, each stage recorded. The last stage's run file also watches the held-out pairs, under
 * the kinds {@code heldout_chosen} and {@code heldout_rejected}.
 */
public final class PreferenceTrainer implements CandidateTrainer<TrainingChoice> {
    /** Recordings a stage, the one before the first update left out, if nothing else is said. */
    public static final int DEFAULT_RECORDINGS = 12;

    private static final int INFLUENCE_PROBES = 16;
    private static final String SFT = "sft";

    private final List<PreferenceExample> pairs;
    private final SequenceEncoder encoder;
    private final ModelSource models;
    private final ProbeSet probes;
    private final List<PreferenceExample> heldOut;
    private final Optional<Oracle> oracle;
    private final int recordings;
    private final boolean influence;
    private final int longest;
    private final String tokens;

    private PreferenceTrainer(Builder builder) {
        pairs = builder.pairs;
        encoder = builder.encoder;
        models = builder.models;
        heldOut = builder.heldOut;
        probes = builder.probes;
        oracle = builder.oracle;
        recordings = builder.recordings;
        influence = builder.influence;
        List<PreferenceRow> rows = pairs.stream().map(encoder::encode).toList();
        longest =
                rows.stream()
                        .mapToInt(row -> Math.max(row.chosen().length(), row.rejected().length()))
                        .max()
                        .orElse(0);
        tokens =
                Sha256.ofParts(
                        rows.stream().map(row -> Arrays.toString(row.chosen().tokens())).toList());
    }

    /**
     * Starts with what every candidate needs.
     *
     * @param pairs what is learnt, at least one pair
     * @param encoder makes the tokens
     * @param models where models come from
     * @param probes what is watched
     * @return a builder
     */
    public static Builder builder(
            List<PreferenceExample> pairs,
            SequenceEncoder encoder,
            ModelSource models,
            ProbeSet probes) {
        return new Builder(pairs, encoder, models, probes);
    }

    @Override
    public void check(ParameterSpace<TrainingChoice> space) {
        if (space instanceof TrainingSpace training) {
            models.check(training);
        }
    }

    @Override
    public Outcome train(TrainingChoice choice, CandidateWork work) {
        Stages stages = Stages.of(choice, pairs.size());
        try (DecoderModel base = models.open(choice);
                Adapted model = Adapted.of(base, choice)) {
            stages.sft()
                    .ifPresent(
                            sft ->
                                    run(
                                            model.model(),
                                            sft,
                                            work.file(SFT),
                                            work.watch(SFT),
                                            probes));
            String name = stages.last().method().label();
            ProbeSet watched = HeldOut.beside(probes, heldOut);
            Optional<String> stopped = Optional.empty();
            try {
                run(model.model(), stages.last(), work.file(name), work.watchLast(name), watched);
            } catch (RuntimeException e) {
                stopped =
                        Optional.of(
                                CandidateFailure.find(e, CandidateStopped.class)
                                        .map(Throwable::getMessage)
                                        .orElseThrow(() -> e));
            }
            return new Outcome(judged(model.model()), stopped);
        }
    }

    private Map<Score, Double> judged(DecoderModel model) {
        return oracle.map(o -> Map.of(Score.ORACLE_WIN_RATE, o.winRate(model, encoder)))
                .orElse(Map.of());
    }

    private void run(
            DecoderModel model,
            TrainingOptions stage,
            Path file,
            StageWatch watch,
            ProbeSet watched) {
        TrainingData data = TrainingData.preferences(stage.method(), pairs, encoder);
        Schedule when = Schedule.every(Math.max(1, stage.updates() / recordings)).withFinal();
        RunRecording recording = RunRecording.of(file, watched, when);
        String name = file.getFileName().toString().replaceFirst("\\.ldyn$", "");
        TrainingRun.builder(model, data, stage)
                .name(name)
                .recording(influence ? recording.withInfluence(measured()) : recording)
                .measurements(watch)
                .progress(at -> watch.check(at.updatesDone(), at.loss()))
                .build()
                .run();
    }

    private static InfluenceOptions measured() {
        return InfluenceOptions.defaults()
                .withResponses(
                        new ResponseSelection(INFLUENCE_PROBES, List.of("chosen", "rejected")));
    }

    /** The model that is trained: the base itself, or adapters on it. */
    private record Adapted(DecoderModel model, boolean isOwn) implements AutoCloseable {
        static Adapted of(DecoderModel base, TrainingChoice choice) {
            int rank = choice.count(TrainingParameter.LORA_RANK, 0);
            OptionalDouble alpha = choice.number(TrainingParameter.LORA_ALPHA);
            if (rank == 0) {
                return new Adapted(base, false);
            }
            LoraConfig lora =
                    new LoraConfig(
                            rank,
                            alpha.orElse(2.0 * rank),
                            LoraConfig.defaults(base.config()).targets(),
                            choice.whole(TrainingParameter.SEED)
                                    .orElse(TrainingOptions.DEFAULT_SEED));
            return new Adapted(base.adapt(lora), true);
        }

        @Override
        public void close() {
            if (isOwn) {
                model.close();
            }
        }
    }

    /**
     * Parameters with gradients and two moments, a copy for probing, and the activations of a
     * batch: {@code 4·(5·P + rows·T·(layers·(12·width + heads·T) + 3·V))} bytes, where rows is
     * twice the batch for pairs and T the longest sequence. An estimate: what the allocator adds is
     * not in it.
     */
    @Override
    public long memoryBytes(TrainingChoice choice) {
        DecoderConfig config = models.config(choice);
        int batch = choice.count(TrainingParameter.BATCH, TrainingOptions.DEFAULT_BATCH_SIZE);
        double rows = 2.0 * batch;
        double length = longest;
        double token =
                config.layers() * (12.0 * config.width() + config.heads() * length)
                        + 3.0 * config.vocabularySize();
        return (long) (4 * (5.0 * config.parameterCount() + rows * length * token));
    }

    @Override
    public Set<Score> scores() {
        EnumSet<Score> scores = EnumSet.allOf(Score.class);
        if (oracle.isEmpty()) {
            scores.remove(Score.ORACLE_WIN_RATE);
        }
        if (!influence) {
            scores.remove(Score.TRUST);
        }
        if (heldOut.isEmpty()) {
            scores.removeAll(
                    Set.of(
                            Score.PREFERENCE_ACCURACY,
                            Score.PREFERENCE_MARGIN,
                            Score.RANKING_ACCURACY));
        }
        return scores;
    }

    @Override
    public String identity() {
        return Sha256.ofParts(
                digest(pairs),
                digest(heldOut),
                probes.digest(),
                tokens,
                encoder.truncation().toString(),
                models.identity(),
                oracle.map(Oracle::identity).orElse(""),
                recordings + " " + influence);
    }

    private static String digest(List<PreferenceExample> examples) {
        return Sha256.ofParts(examples.stream().map(PreferenceExample::digest).toList());
    }

    /** Collects a {@link PreferenceTrainer}. */
    public static final class Builder {
        private final List<PreferenceExample> pairs;
        private final SequenceEncoder encoder;
        private final ModelSource models;
        private final ProbeSet probes;
        private List<PreferenceExample> heldOut = List.of();
        private Optional<Oracle> oracle = Optional.empty();
        private int recordings = DEFAULT_RECORDINGS;
        private boolean influence;

        private Builder(
                List<PreferenceExample> pairs,
                SequenceEncoder encoder,
                ModelSource models,
                ProbeSet probes) {
            this.pairs = List.copyOf(pairs);
            this.encoder = encoder;
            this.models = models;
            this.probes = probes;
        }

        /**
         * Gives pairs that nobody learns, for the preference scores.
         *
         * @param value none by default
         * @return this
         */
        public Builder heldOut(List<PreferenceExample> value) {
            heldOut = List.copyOf(value);
            return this;
        }

        /**
         * Gives the judge of answers.
         *
         * @param value none by default
         * @return this
         */
        public Builder oracle(Oracle value) {
            oracle = Optional.of(value);
            return this;
        }

        /**
         * Sets how often a stage is recorded.
         *
         * @param value recordings a stage, evenly spaced, besides the one before the first update;
         *     at least 1
         * @return this
         * @throws SweepConfigException if it is below 1
         */
        public Builder recordings(int value) {
            if (value < 1) {
                throw new SweepConfigException("record.times must be >= 1, got " + value);
            }
            recordings = value;
            return this;
        }

        /**
         * Measures influences too, which {@link Score#TRUST} needs and which costs several times
         * the recording without.
         *
         * @return this
         */
        public Builder influence() {
            influence = true;
            return this;
        }

        /**
         * Builds the trainer.
         *
         * @return the trainer
         * @throws SweepConfigException if there is no pair
         */
        public PreferenceTrainer build() {
            if (pairs.isEmpty()) {
                throw new SweepConfigException("pairs must hold at least one pair, got none");
            }
            return new PreferenceTrainer(this);
        }
    }
}
