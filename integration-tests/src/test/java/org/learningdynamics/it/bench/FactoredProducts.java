package org.learningdynamics.it.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.influence.InteractionSums;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.model.SameDiffGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * All products between the gradients of a decoder's learnt rows and probe rows under an
 * element-wise preconditioner, from factors. The first three eighths of a row are its prompt, or as
 * many as {@code -Dprompt.eighths} says. Where a pass has fewer rows than are learnt, learnt rows
 * come in parts and stay as explicit gradients.
 */
final class FactoredProducts implements AutoCloseable {
    private static final long MEMORY = 64L << 20;
    private static final int PROMPT = Integer.getInteger("prompt.eighths", 3);

    private final Size size;
    private final int[][] ids;
    private final int[][] labels;
    private final DecoderModel model;
    private final Map<String, ParameterUpdate> updates = new HashMap<>();
    private final SameDiffGradients view;
    private double[][] pairs = new double[0][];
    private double[][] directions = new double[0][];
    private double[][] gram = new double[0][];
    private double[] norms = new double[0];
    private long heldBytes;

    /** Rows that are observed, rows learnt from, positions of a row, rows of a pass. */
    record Size(int probes, int batch, int length, int rowsOfPass) {}

    FactoredProducts(DecoderConfig config, Size size) {
        this.size = size;
        ids = new int[size.probes() + size.batch()][];
        labels = new int[ids.length][];
        Random random = new Random(1);
        for (int row = 0; row < ids.length; row++) {
            ids[row] = random.ints(size.length(), 0, config.vocabularySize()).toArray();
            labels[row] = random.ints(size.length(), 0, config.vocabularySize()).toArray();
            Arrays.fill(labels[row], 0, size.length() * PROMPT / 8, -100);
        }
        model = DecoderModel.create(config);
        view =
                SameDiffGradients.of(
                        model.newGraph(), List.of(DecoderModel.INPUT_IDS), DecoderModel.LOGITS_2D);
        view.load(model.parameters());
        model.parameters().forEach((name, array) -> updates.put(name, update(array)));
    }

    private static ParameterUpdate update(INDArray like) {
        return new ParameterUpdate(
                Nd4j.rand(DataType.FLOAT, like.shape()),
                Nd4j.rand(DataType.FLOAT, like.shape()),
                1,
                Optional.of(Nd4j.rand(DataType.FLOAT, like.shape())),
                Optional.empty(),
                Optional.empty());
    }

    /** Passes and products. */
    void run() {
        pairs = new double[size.probes()][];
        directions = new double[size.probes()][];
        norms = new double[ids.length];
        if (size.rowsOfPass() < size.batch()) {
            try (GradientInteractions sides = ofParts()) {
                meet(sides, 0);
            }
            return;
        }
        try (RowPass learnt = pass(size.probes(), ids.length);
                GradientInteractions sides =
                        new GradientInteractions(
                                learnt.gradients(), 1, updates, InfluenceForm.UPDATE, MEMORY)) {
            meet(sides, learnt.gradients().bytes());
        }
    }

    private GradientInteractions ofParts() {
        Iterable<RowGradients> parts =
                () ->
                        IntStream.iterate(
                                        size.probes(),
                                        i -> i < ids.length,
                                        i -> i + size.rowsOfPass())
                                .mapToObj(row -> gradients(row, ids.length))
                                .iterator();
        return GradientInteractions.ofParts(
                size.batch(), parts, 1, updates, InfluenceForm.UPDATE, MEMORY);
    }

    /** Of the rows of a pass. */
    private RowGradients gradients(int from, int end) {
        RowPass pass = pass(from, Math.min(end, from + size.rowsOfPass()));
        pass.logits().close();
        return pass.gradients();
    }

    private void meet(GradientInteractions sides, long learntBytes) {
        for (int row = 0; row < size.probes(); row += size.rowsOfPass()) {
            try (RowGradients probes = gradients(row, size.probes())) {
                InteractionSums sums = sides.with(probes);
                heldBytes = Math.max(heldBytes, learntBytes + probes.bytes() + sides.heldBytes());
                System.arraycopy(sums.total(), 0, pairs, row, probes.rows());
                System.arraycopy(sums.observedNorms(), 0, norms, row, probes.rows());
                double[] predicted = sums.totalPredicted();
                for (int i = 0; i < predicted.length; i++) {
                    directions[row + i] = new double[] {predicted[i], -sums.fromBatch()[i]};
                }
            }
        }
        gram = sides.learntGram();
        System.arraycopy(sides.learntNorms(), 0, norms, size.probes(), size.batch());
    }

    private RowPass pass(int from, int to) {
        try (INDArray input = Nd4j.createFromArray(Arrays.copyOfRange(ids, from, to))) {
            return view.observe(ModelInput.of(input), Arrays.copyOfRange(labels, from, to));
        }
    }

    Size size() {
        return size;
    }

    DecoderModel model() {
        return model;
    }

    int[] ids(int row) {
        return ids[row];
    }

    int[] labels(int row) {
        return labels[row];
    }

    /** What the update did with a parameter. */
    ParameterUpdate update(String parameter) {
        return Objects.requireNonNull(updates.get(parameter), parameter);
    }

    List<ParameterMatrix> parameters() {
        return view.parameters();
    }

    /** Of the last run // [probes][batch]. */
    double[][] pairs() {
        return pairs;
    }

    /** Of the last run: with the step, and with the batch's D∘g // [probes][2]. */
    double[][] directions() {
        return directions;
    }

    /** Of the last run, among learnt rows // [batch][batch]. */
    double[][] gram() {
        return gram;
    }

    /** Of the last run: of probe rows, then of learnt rows. */
    double[] norms() {
        return norms;
    }

    /** The most that was held at a time: factors of both sides, and explicit gradients. */
    long heldBytes() {
        return heldBytes;
    }

    @Override
    public void close() {
        view.close();
        updates.values().forEach(ParameterUpdate::close);
        model.parameters().values().forEach(INDArray::close);
    }
}
