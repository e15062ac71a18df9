package org.learningdynamics.it.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.influence.InteractionSums;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.model.SameDiffGradients;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The same products of a decoder's gradients in two ways. */
final class PerExampleProducts {
    static final int PROBES = 64;
    static final int BATCH = 16;
    private static final long MEMORY = 64L << 20;

    private final int rowsOfPass;
    private final int[][] ids;
    private final int[][] labels;
    private final Map<String, INDArray> parameters;
    private final Map<String, ParameterUpdate> updates = new HashMap<>();
    private final SameDiffGradients view;
    private final SameDiff summed;
    private final InferenceSession gradients;
    private final Map<String, INDArray> all = new LinkedHashMap<>(); // [PROBES + BATCH, size]
    private double[][] last = new double[0][0];
    private double[] norms = new double[0]; // of probes, then of learnt rows
    private long heldBytes;

    PerExampleProducts(DecoderConfig config, int length, int rowsOfPass) {
        this.rowsOfPass = rowsOfPass;
        ids = new int[PROBES + BATCH][];
        labels = new int[PROBES + BATCH][];
        Random random = new Random(1);
        for (int row = 0; row < ids.length; row++) {
            ids[row] = random.ints(length, 0, config.vocabularySize()).toArray();
            labels[row] = random.ints(length, 0, config.vocabularySize()).toArray();
            Arrays.fill(labels[row], 0, length * 3 / 8, -100);
        }
        DecoderModel model = DecoderModel.create(config);
        parameters = model.parameters();
        view =
                SameDiffGradients.of(
                        model.newGraph(), List.of(DecoderModel.INPUT_IDS), DecoderModel.LOGITS_2D);
        view.load(parameters);
        parameters.forEach((name, array) -> updates.put(name, update(array)));
        summed = DecoderPasses.summed(model);
        gradients = new InferenceSession(summed.getFunction("grad"));
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

    /** Our way. */
    void batched() {
        double[][] pairs = new double[PROBES][];
        double[] sizes = new double[PROBES + BATCH];
        try (RowPass learnt = pass(PROBES, PROBES + BATCH);
                GradientInteractions sides =
                        new GradientInteractions(
                                learnt.gradients(), 1, updates, InfluenceForm.UPDATE, MEMORY)) {
            System.arraycopy(sides.learntNorms(), 0, sizes, PROBES, BATCH);
            for (int row = 0; row < PROBES; row += rowsOfPass) {
                int end = Math.min(PROBES, row + rowsOfPass);
                try (RowPass probes = pass(row, end)) {
                    long bytes = learnt.gradients().bytes() + probes.gradients().bytes();
                    heldBytes = Math.max(heldBytes, bytes + MEMORY);
                    InteractionSums sums = sides.with(probes.gradients());
                    System.arraycopy(sums.total(), 0, pairs, row, end - row);
                    System.arraycopy(sums.observedNorms(), 0, sizes, row, end - row);
                }
            }
        }
        last = pairs;
        norms = sizes;
    }

    private RowPass pass(int from, int to) {
        try (INDArray input = Nd4j.createFromArray(Arrays.copyOfRange(ids, from, to))) {
            return view.observe(ModelInput.of(input), Arrays.copyOfRange(labels, from, to));
        }
    }

    /** Every gradient kept, then one matrix product a parameter // [PROBES][BATCH]. */
    double[][] oneByOne() {
        for (int row = 0; row < ids.length; row++) {
            keep(row);
        }
        double[][] total = new double[PROBES][BATCH];
        for (Map.Entry<String, INDArray> gradient : all.entrySet()) {
            INDArray rows = gradient.getValue();
            ParameterUpdate update = Objects.requireNonNull(updates.get(gradient.getKey()));
            INDArray scales = update.preconditioner().orElseThrow();
            INDArray learnt =
                    rows.get(NDArrayIndex.interval(PROBES, PROBES + BATCH), NDArrayIndex.all());
            INDArray probes = rows.get(NDArrayIndex.interval(0, PROBES), NDArrayIndex.all());
            try (INDArray moved = learnt.mulRowVector(scales.reshape('c', 1, scales.length()));
                    INDArray products = probes.mmul(moved.transpose())) {
                for (int o = 0; o < PROBES; o++) {
                    for (int i = 0; i < BATCH; i++) {
                        total[o][i] -= products.getDouble(o, i);
                    }
                }
            }
        }
        return total;
    }

    private void keep(int row) {
        try (INDArray input = Nd4j.createFromArray(new int[][] {ids[row]});
                INDArray targets = Nd4j.createFromArray(new int[][] {labels[row]})) {
            Map<String, INDArray> given = Map.of(DecoderModel.INPUT_IDS, input, "labels", targets);
            Map<String, INDArray> found =
                    gradients.output(
                            DecoderPasses.gradientNames(summed),
                            given,
                            null,
                            Set.of(),
                            List.of(),
                            At.defaultAt(Operation.INFERENCE));
            for (String name : DecoderPasses.parameters(summed)) {
                String of = summed.getGradForVariable(name).name();
                INDArray gradient = Objects.requireNonNull(found.get(of), of);
                INDArray rows =
                        all.computeIfAbsent(
                                name,
                                n -> Nd4j.create(DataType.FLOAT, ids.length, gradient.length()));
                rows.getRow(row).assign(gradient.reshape(gradient.length()));
                gradient.close();
            }
        }
    }

    /** How far the two ways are apart, by the product of the norms. */
    double difference() {
        double[][] expected = oneByOne();
        double worst = 0;
        for (int o = 0; o < PROBES; o++) {
            for (int i = 0; i < BATCH; i++) {
                double apart = Math.abs(expected[o][i] - last[o][i]);
                worst = Math.max(worst, apart / (norms[o] * norms[PROBES + i]));
            }
        }
        return worst;
    }

    /** Factors of both sides and what explicit gradients may take. */
    long batchedBytes() {
        return heldBytes;
    }

    long oneByOneBytes() {
        return all.values().stream().mapToLong(rows -> rows.length() * 4).sum();
    }
}
