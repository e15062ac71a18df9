package org.learningdynamics.spark;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.RunHeader;

/** A folder with a small random model, its tokenizer, and a file of probes of many lengths. */
final class ProbedFile {
    static final int PROBES = 36;
    static final int TOKENS_PER_BATCH = 96;
    private static final List<String> WORDS =
            List.of("red", "blue", "green", "cold", "warm", "big", "small", "old", "new", "fast");

    final Path folder;
    final Path file;
    final WordTokenizer tokenizer =
            WordTokenizer.train(List.of(String.join(" ", WORDS) + " what is ?"), 100);

    ProbedFile(Path folder) throws IOException {
        this.folder = folder;
        file = folder.resolve("probes.jsonl");
        Random random = new Random(5);
        Gson gson = new Gson();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("prompt", "what is " + words(random, 1 + random.nextInt(12)) + " ?");
            line.put("chosen", words(random, random.nextInt(9)));
            if (i % 3 > 0) {
                line.put("rejected", words(random, 1 + random.nextInt(20)));
            }
            lines.add(i == 7 ? "" : gson.toJson(line));
        }
        Files.write(file, lines);
        tokenizer.save(folder.resolve("tokenizer.json"));
        try (DecoderModel model = model(1)) {
            model.save(folder.resolve("model.safetensors"));
        }
    }

    private static String words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", words);
    }

    DecoderModel model(long seed) {
        return DecoderModel.create(
                DecoderConfig.builder(tokenizer.vocabularySize())
                        .width(16)
                        .layers(2)
                        .heads(2)
                        .maxLength(48)
                        .seed(seed)
                        .build());
    }

    /** What a listener on this machine measures of it. */
    Path measureLocally(Path run) throws IOException {
        ProbeSet probes =
                ProbeSet.of(
                        "probes.jsonl",
                        JsonLines.reader(BadLines.FAIL).responses(TextSource.file(file)));
        SequenceEncoder encoder =
                new SequenceEncoder(tokenizer, new Truncation(48, 24, KeepPrompt.END));
        TokenProbes watched =
                TokenProbes.builder(EncodedProbes.encode(probes, encoder), tokenizer.paddingId())
                        .texts(probes.probes())
                        .setName(probes.name())
                        .tokensPerBatch(TOKENS_PER_BATCH)
                        .build();
        try (DecoderModel model = DecoderModel.load(folder.resolve("model.safetensors"));
                SameDiffDynamicsListener listener =
                        SameDiffDynamicsListener.builder(model.graph())
                                .probes(watched)
                                .packed(model.packedView())
                                .recordTo(run, RunHeader.builder("probe", Instant.EPOCH).build())
                                .build()) {
            listener.recordNow();
        }
        return run;
    }
}
