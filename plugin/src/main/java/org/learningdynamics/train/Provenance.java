package org.learningdynamics.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.factory.Nd4j;

/** Where a run comes from, gathered from what takes part in it. */
final class Provenance {
    private static final String VERSION_FILE = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

    private Provenance() {}

    static RunHeader header(
            String run,
            Instant createdAt,
            DecoderConfig model,
            TrainingData data,
            TrainingOptions o,
            Optional<String> reference) {
        Map<String, String> configuration = new TreeMap<>(o.describe());
        reference.ifPresent(source -> configuration.put("reference", source));
        configuration.putAll(describe(model));
        configuration.put("examples", Integer.toString(data.size()));
        return RunHeader.builder(run, createdAt)
                .stage(o.method().label())
                .dl4jVersion(hostVersion())
                .backend(Nd4j.getBackend().getClass().getSimpleName())
                .seed(o.seed())
                .dataSha256(data.digest())
                .configuration(configuration)
                .entry("tokenizer_sha256", data.tokenizer().digest())
                .build();
    }

    /** Of a job over checkpoints. */
    static RunHeader ofJob(
            String run, Instant createdAt, TrainingData data, Map<String, String> settings) {
        return RunHeader.builder(run, createdAt)
                .stage("influence")
                .dl4jVersion(hostVersion())
                .backend(Nd4j.getBackend().getClass().getSimpleName())
                .dataSha256(data.digest())
                .configuration(settings)
                .entry("tokenizer_sha256", data.tokenizer().digest())
                .build();
    }

    /** What makes a run this one and no other. */
    static Map<String, String> identity(
            String run,
            DecoderModel model,
            TrainingData data,
            TrainingOptions options,
            String reference) {
        Map<String, String> all = new TreeMap<>(options.describe());
        all.putAll(describe(model.config()));
        all.put("model.adapters", model.adapters().map(Object::toString).orElse("none"));
        all.put("run", run);
        all.put("data_sha256", data.digest());
        all.put("tokens_sha256", data.tokensDigest());
        all.put("tokenizer_sha256", data.tokenizer().digest());
        all.put("reference", reference);
        return all;
    }

    private static Map<String, String> describe(DecoderConfig model) {
        Map<String, String> all = new TreeMap<>();
        all.put("model.vocabulary", Integer.toString(model.vocabularySize()));
        all.put("model.width", Integer.toString(model.width()));
        all.put("model.layers", Integer.toString(model.layers()));
        all.put("model.heads", Integer.toString(model.heads()));
        all.put("model.feed_forward_width", Integer.toString(model.feedForwardWidth()));
        all.put("model.max_length", Integer.toString(model.maxLength()));
        all.put("model.head", model.head().name().toLowerCase(Locale.ROOT));
        all.put("model.activation", model.activation().name().toLowerCase(Locale.ROOT));
        all.put("model.rotary_base", Double.toString(model.rotaryBase()));
        all.put("model.data_type", model.dataType().name().toLowerCase(Locale.ROOT));
        all.put("model.key_value_heads", Integer.toString(model.keyValueHeads()));
        all.put("model.head_width", Integer.toString(model.headWidth()));
        all.put("model.architecture", model.architecture().toString());
        all.put("model.seed", Long.toString(model.seed()));
        all.put("model.parameters", Long.toString(model.parameterCount()));
        return all;
    }

    private static String hostVersion() {
        try (InputStream in = Nd4j.class.getResourceAsStream(VERSION_FILE)) {
            if (in == null) {
                return RunHeader.UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", RunHeader.UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(VERSION_FILE + " must be readable", e);
        }
    }
}
