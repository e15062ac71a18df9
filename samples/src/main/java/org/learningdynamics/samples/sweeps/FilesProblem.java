package org.learningdynamics.samples.sweeps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.ProbeDerivation;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.sweep.ModelSource;
import org.learningdynamics.sweep.PreferenceTrainer;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.SweepConfigException;

/** Preferences from a file; a new model for each candidate, or copies of one that was trained. */
final class FilesProblem {
    private static final Set<String> KEYS =
            Set.of(
                    "pairs",
                    "limit",
                    "held_out",
                    "probes",
                    "probe_count",
                    "max_length",
                    "max_prompt_length",
                    "keep_prompt",
                    "tokenizer",
                    "vocabulary",
                    "model");
    private static final int DEFAULT_PROBES = 50;
    private static final String MODEL_FILE = "model.safetensors";
    private static final String TOKENIZER_FILE = "tokenizer.json";

    /** How text becomes tokens in new models. */
    enum TokenizerKind {
        WORD,
        BYTE
    }

    private FilesProblem() {}

    static SweepProblem open(SweepConfig config, DataSection data) throws IOException {
        data.requireKnown(KEYS);
        Path file =
                data.file("pairs")
                        .orElseThrow(
                                () ->
                                        new SweepConfigException(
                                                "data.pairs must name a file, got none"));
        JsonLines reader = JsonLines.reader(BadLines.FAIL);
        List<PreferenceExample> all = reader.preferences(TextSource.file(file)).examples();
        List<PreferenceExample> used =
                all.subList(0, Math.min(data.count("limit", all.size()), all.size()));
        int heldOut = data.count("held_out", Math.max(1, used.size() / 10));
        if (heldOut >= used.size()) {
            throw new SweepConfigException(
                    "data.held_out must be below the "
                            + used.size()
                            + " preferences, got "
                            + heldOut);
        }
        List<PreferenceExample> pairs = used.subList(0, used.size() - heldOut);
        List<PreferenceExample> others = used.subList(pairs.size(), used.size());
        Truncation truncation =
                new Truncation(
                        data.count("max_length", 512),
                        data.count("max_prompt_length", 256),
                        data.choice("keep_prompt", KeepPrompt.class, KeepPrompt.END));
        return open(config, data, pairs, others, truncation);
    }

    private static SweepProblem open(
            SweepConfig config,
            DataSection data,
            List<PreferenceExample> pairs,
            List<PreferenceExample> heldOut,
            Truncation truncation)
            throws IOException {
        Optional<Path> folder = data.file("model");
        Tokenizer tokenizer = folder.isPresent() ? tokenizer(folder.get()) : tokenizer(data, pairs);
        SequenceEncoder encoder = new SequenceEncoder(tokenizer, truncation);
        Optional<DecoderModel> base = Optional.empty();
        ModelSource models = ModelSource.fresh(tokenizer.vocabularySize(), truncation.maxLength());
        if (folder.isPresent()) {
            Path weights = folder.get().resolve(MODEL_FILE);
            base = Optional.of(DecoderModel.load(weights));
            models = ModelSource.of(base.get(), Sha256.ofFile(weights));
        }
        PreferenceTrainer.Builder trainer =
                PreferenceTrainer.builder(
                                pairs, encoder, models, probes(config, data, pairs, heldOut))
                        .heldOut(heldOut)
                        .recordings(config.recording().times());
        if (config.recording().influence()) {
            trainer.influence();
        }
        return new SweepProblem(
                trainer.build(),
                sent(config, data),
                base.<AutoCloseable>map(model -> model).orElse(() -> {}));
    }

    /** Every file, in a folder of its key's name. */
    private static SentProblem sent(SweepConfig config, DataSection data) {
        Map<String, Object> moved = new LinkedHashMap<>(data.values());
        Map<String, Path> files = new TreeMap<>();
        for (String key : List.of("pairs", "probes")) {
            data.file(key)
                    .ifPresent(
                            file -> {
                                String place = key + "/" + file.getFileName();
                                files.put(place, file);
                                moved.put(key, place);
                            });
        }
        data.file("model")
                .ifPresent(
                        folder -> {
                            moved.put("model", "model");
                            Stream.of(MODEL_FILE, TOKENIZER_FILE)
                                    .filter(name -> Files.exists(folder.resolve(name)))
                                    .forEach(
                                            name ->
                                                    files.put(
                                                            "model/" + name, folder.resolve(name)));
                        });
        return SentProblem.of(config, moved, files);
    }

    private static Tokenizer tokenizer(Path folder) {
        Path file = folder.resolve(TOKENIZER_FILE);
        return Files.exists(file) ? WordTokenizer.load(file) : new ByteTokenizer();
    }

    private static Tokenizer tokenizer(DataSection data, List<PreferenceExample> pairs) {
        TokenizerKind kind = data.choice("tokenizer", TokenizerKind.class, TokenizerKind.WORD);
        List<String> texts =
                pairs.stream()
                        .flatMap(pair -> Stream.of(pair.prompt(), pair.chosen(), pair.rejected()))
                        .toList();
        return kind == TokenizerKind.BYTE
                ? new ByteTokenizer()
                : WordTokenizer.train(texts, data.count("vocabulary", 4000));
    }

    private static ProbeSet probes(
            SweepConfig config,
            DataSection data,
            List<PreferenceExample> pairs,
            List<PreferenceExample> heldOut) {
        Optional<Path> file = data.file("probes");
        if (file.isPresent()) {
            JsonLines reader = JsonLines.reader(BadLines.FAIL);
            ProbeSet set = ProbeSet.of("probes", reader.responses(TextSource.file(file.get())));
            return set.subset(Math.min(data.count("probe_count", set.size()), set.size()));
        }
        int count = Math.min(data.count("probe_count", DEFAULT_PROBES), pairs.size());
        return ProbeDerivation.of(heldOut, config.seed()).derive("pairs", pairs.subList(0, count));
    }
}
