package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.model.SameDiffGradients;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One checkpoint's gradients of examples' losses and of probes' log-probabilities. */
final class CheckpointModel implements AutoCloseable {
    private final DecoderModel model;
    private final boolean owned;
    private final SameDiff forward;
    private final SameDiffGradients view;
    private final LossSeeds seeds;
    private final int paddingId;
    private final Set<String> layers;

    private CheckpointModel(
            DecoderModel model, boolean owned, LossSeeds seeds, int paddingId, Set<String> layers) {
        this.model = model;
        this.owned = owned;
        this.forward = model.newGraph();
        this.seeds = seeds;
        this.paddingId = paddingId;
        this.view =
                SameDiffGradients.of(
                        model.newGraph(), List.of(DecoderModel.INPUT_IDS), DecoderModel.LOGITS_2D);
        view.load(model.parameters());
        this.layers = chosen(layers, view.parameters());
    }

    /** Loads a checkpoint. An empty set of layers stands for all. */
    static CheckpointModel load(
            Checkpoint checkpoint, Loss loss, TrainingData data, int longest, Set<String> layers) {
        DecoderModel model = fitting(checkpoint.file(), data, longest);
        boolean made = false;
        try {
            CheckpointModel loaded =
                    new CheckpointModel(
                            model,
                            true,
                            new LossSeeds(loss, checkpoint.file()),
                            data.tokenizer().paddingId(),
                            layers);
            made = true;
            return loaded;
        } finally {
            if (!made) {
                model.close();
            }
        }
    }

    /** Over a model that others use too, and that stays open; in graphs of its own. */
    static CheckpointModel shared(
            DecoderModel model, Loss loss, Path file, int paddingId, Set<String> layers) {
        return new CheckpointModel(model, false, new LossSeeds(loss, file), paddingId, layers);
    }

    /** A saved model that knows the data's tokens and reads sequences of some length. */
    static DecoderModel fitting(Path file, TrainingData data, int longest) {
        try {
            DecoderModel model = DecoderModel.load(file);
            int known = model.config().vocabularySize();
            int needed = data.tokenizer().vocabularySize();
            int most = model.config().maxLength() + 1;
            if (known >= needed && longest <= most) {
                return model;
            }
            model.close();
            throw new DataException(
                    file
                            + (known < needed
                                    ? ": must know the tokenizer's "
                                            + needed
                                            + " ids, has a vocabulary of "
                                            + known
                                    : ": must read sequences of "
                                            + longest
                                            + " tokens, reads at most "
                                            + most));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Set<String> chosen(Set<String> layers, List<ParameterMatrix> parameters) {
        Set<String> known = new TreeSet<>();
        parameters.forEach(parameter -> known.add(parameter.layer()));
        if (!known.containsAll(layers)) {
            throw new IllegalArgumentException(
                    "layers must be among " + known + ", got " + new TreeSet<>(layers));
        }
        return layers.isEmpty() ? known : layers;
    }

    /**
     * Gradients of each row's term of its example's loss: all first responses, then all second
     * ones.
     *
     * @param items a block of examples
     * @param reference log-probabilities under the reference // [examples][responses]
     */
    RowGradients examples(List<TrainingItem> items, double[][] reference) {
        List<EncodedResponse> rows = new ArrayList<>();
        for (int k = 0; k < items.get(0).responses().size(); k++) {
            for (TrainingItem item : items) {
                rows.add(item.responses().get(k));
            }
        }
        TokenBatch tokens = batch(rows);
        try (INDArray ids = Nd4j.createFromArray(tokens.inputIds());
                INDArray logits = logits(ids);
                INDArray seed = seeds.of(logits, tokens.labels(), items, reference)) {
            return gradients(view.observe(ModelInput.of(ids), seed));
        }
    }

    /** Gradients of the rows' log-probabilities. */
    RowGradients probes(List<EncodedProbeRow> rows) {
        TokenBatch tokens = batch(rows.stream().map(EncodedProbeRow::encoded).toList());
        try (INDArray ids = Nd4j.createFromArray(tokens.inputIds())) {
            return gradients(view.observe(ModelInput.of(ids), tokens.labels()));
        }
    }

    private TokenBatch batch(List<EncodedResponse> rows) {
        return TokenBatch.of(rows, paddingId, DecoderModel.LENGTH_MULTIPLE);
    }

    private INDArray logits(INDArray ids) {
        return forward.outputSingle(Map.of(DecoderModel.INPUT_IDS, ids), DecoderModel.LOGITS_2D);
    }

    private RowGradients gradients(RowPass pass) {
        pass.logits().close();
        return pass.gradients().ofLayers(layers);
    }

    @Override
    public void close() {
        view.close();
        if (owned) {
            model.close();
        }
    }
}
