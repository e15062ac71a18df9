package org.learningdynamics.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.CompletionExample;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.listener.PackedLikelihoods;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.CheckpointInfluence;
import org.learningdynamics.train.CheckpointInfluenceOptions;
import org.learningdynamics.train.InfluencePieces;
import org.learningdynamics.train.ProjectedGradients;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;

/** A model with examples and probes of one length: what a task of Spark does with them. */
final class ScalingTask implements AutoCloseable {
    /** Rows of a pass. */
    static final int ROWS = 8;

    private final DecoderModel model;
    private final CheckpointInfluence job;
    private final PackedView view;
    private final ProjectedGradients gradients;
    private final InfluencePieces pieces;
    private final int paddingId = new ByteTokenizer().paddingId();

    ScalingTask(Path folder, int width, int layers, int tokens, int k, int examples)
            throws IOException {
        ByteTokenizer bytes = new ByteTokenizer();
        model =
                DecoderModel.create(
                        DecoderConfig.builder(bytes.vocabularySize())
                                .width(width)
                                .layers(layers)
                                .heads(4)
                                .maxLength(tokens)
                                .build());
        Path file = Files.createTempDirectory(folder, "model").resolve("model.safetensors");
        model.save(file);
        SequenceEncoder encoder =
                new SequenceEncoder(bytes, new Truncation(tokens, tokens / 2, KeepPrompt.END));
        job = job(file, encoder, tokens, k, examples);
        pieces = job.pieces();
        view = model.packedView();
        gradients = ProjectedGradients.of(model, "model", pieces.task());
    }

    private static CheckpointInfluence job(
            Path file, SequenceEncoder encoder, int tokens, int k, int count) {
        Random random = new Random(1);
        List<CompletionExample> examples = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String prompt = text(random, tokens / 2);
            String response = text(random, tokens - tokens / 2 - 1);
            examples.add(new CompletionExample(i, prompt, response));
            if (i <= ROWS) {
                probes.add(Probe.of(i, prompt, Map.of("chosen", response)));
            }
        }
        GradientProjection projection =
                new GradientProjection(GradientProjection.Kind.SPARSE_SIGNS, k, 1);
        return CheckpointInfluence.builder(
                        List.of(new Checkpoint(file, "run", 0, 1e-3)),
                        TrainingData.completions(examples, encoder),
                        TrainingOptions.builder(TrainingMethod.SFT).build(),
                        new ProbeSet("probes", probes))
                .options(
                        CheckpointInfluenceOptions.defaults()
                                .withBlocks(ROWS, ROWS)
                                .withProjection(projection))
                .build();
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    long parameters() {
        return model.parameterCount();
    }

    CheckpointInfluence job() {
        return job;
    }

    /** Likelihoods of {@link #ROWS} rows in one pass. */
    void probe() {
        List<List<EncodedProbeRow>> rows = new ArrayList<>();
        pieces.probeBlocks().get(0).forEach(row -> rows.add(List.of(row)));
        view.refresh();
        PackedLikelihoods.measure(0, rows, paddingId, view);
    }

    /** Projected gradients of {@link #ROWS} examples. */
    void gradients() {
        gradients.examples(pieces.block(0, new double[pieces.responses().size()]));
    }

    @Override
    public void close() {
        gradients.close();
        view.close();
        model.close();
    }
}
