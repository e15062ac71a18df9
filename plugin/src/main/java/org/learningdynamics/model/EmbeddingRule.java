package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.TokenLookups;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rows of a table by index // [M, 1] to [M, nOut], or [N, T] and [N, 1, T] to [N, nOut, T]. */
final class EmbeddingRule extends LayerRule {
    private final Layer layer;
    private final LayerNames names;
    private final IActivation activation;
    private final INDArray table; // [nIn, nOut]
    private final @Nullable INDArray bias; // [1, nOut]
    private final Optional<RNNFormat> sequences;
    private @Nullable INDArray preActivation; // [T·N, nOut]
    private int[] indices = {}; // positions before rows // [T·N]

    /** Of an EmbeddingLayer or an EmbeddingSequenceLayer. */
    EmbeddingRule(Layer layer, LayerNames names) {
        this.layer = layer;
        this.names = names;
        activation = ((BaseLayer) layer.conf().getLayer()).getActivationFn();
        table = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        bias = layer.paramTable().get(DefaultParamInitializer.BIAS_KEY);
        sequences =
                layer.conf().getLayer() instanceof EmbeddingSequenceLayer settings
                        ? Optional.of(settings.getOutputFormat())
                        : Optional.empty();
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        indices = read(input);
        INDArray z = Nd4j.pullRows(table, 1, indices);
        if (bias != null) {
            z.addiRowVector(bias);
        }
        preActivation = z;
        INDArray output = activation.getActivation(z.dup('c'), false);
        Columns.mask(output, mask());
        long rows = input.size(0);
        return sequences.map(f -> Columns.toSequence(output, rows, f)).orElse(output);
    }

    private int[] read(INDArray input) {
        INDArray ordered = input;
        if (sequences.isPresent()) {
            long rows = input.size(0);
            ordered = input.reshape(rows, input.length() / rows).permute(1, 0);
        } else if (input.rank() != 2 || Math.min(input.size(0), input.size(1)) != 1) {
            throw new IllegalArgumentException(
                    "input of layer \""
                            + names.layer()
                            + "\" must have one column, got "
                            + Arrays.toString(input.shape()));
        }
        int[] ids = ordered.dup('c').data().asInt();
        for (int id : ids) {
            if (id < 0 || id >= table.size(0)) {
                throw new IllegalArgumentException(
                        "index for layer \""
                                + names.layer()
                                + "\" must be in [0, "
                                + table.size(0)
                                + "), got "
                                + id);
            }
        }
        return ids;
    }

    private @Nullable INDArray mask() {
        INDArray mask = layer.getMaskArray();
        if (mask == null || sequences.isEmpty()) {
            return mask;
        }
        return mask.permute(1, 0).dup('c').reshape('c', mask.length(), 1);
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        INDArray above = sequences.map(f -> Columns.fromSequence(epsilon, f)).orElse(epsilon);
        INDArray deltas = activation.backprop(Kept.from(preActivation), above).getFirst();
        Columns.mask(deltas, mask());
        int rows = pass.rows();
        int[][] ids = new int[rows][indices.length / rows];
        for (int i = 0; i < indices.length; i++) {
            ids[i % rows][i / rows] = indices[i];
        }
        RowFactors factors = pass.factors();
        factors.add(
                names.matrix(DefaultParamInitializer.WEIGHT_KEY, table),
                new TokenLookups(ids, factors.grouped(deltas)));
        if (bias != null) {
            factors.addSums(names.vector(DefaultParamInitializer.BIAS_KEY, bias), deltas);
        }
        return Optional.empty();
    }

    @Override
    boolean hasParameters() {
        return true;
    }

    @Override
    boolean passesOn() {
        return false;
    }

    @Override
    void clear() {
        preActivation = null;
        layer.clear();
    }
}
