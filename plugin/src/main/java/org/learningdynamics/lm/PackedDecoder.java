package org.learningdynamics.lm;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.model.GraphSession;
import org.learningdynamics.model.PackedInput;
import org.learningdynamics.model.PackedView;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A decoder's own parameter arrays under a graph with positions and segments given. */
final class PackedDecoder implements PackedView {
    private final DecoderConfig config;
    private final SameDiff graph;
    private final HeadLogits head;
    private @Nullable GraphSession session;

    PackedDecoder(DecoderConfig config, DecoderWeights weights) {
        this.config = config;
        graph = DecoderGraph.buildPacked(config, weights);
        head = new HeadLogits(config, weights);
    }

    @Override
    public void refresh() {
        if (session == null) {
            session = new GraphSession(graph);
        }
    }

    @Override
    public INDArray logits(PackedInput input) {
        GraphSession open = session;
        if (open == null) {
            throw new IllegalStateException("refresh must be called first");
        }
        requireBelow("token ids", config.vocabularySize(), input.ids());
        requireBelow("positions", config.maxLength(), input.positions());
        requireBelow("head rows", input.ids().length(), input.headRows());
        Map<String, INDArray> placeholders =
                Map.of(
                        DecoderModel.INPUT_IDS,
                        input.ids(),
                        DecoderInputs.POSITIONS,
                        input.positions(),
                        DecoderInputs.SEGMENTS,
                        input.segments(),
                        DecoderGraph.HEAD_ROWS,
                        input.headRows());
        Map<String, INDArray> outputs = open.pass(List.of(DecoderModel.HIDDEN_2D), placeholders);
        INDArray hidden = Objects.requireNonNull(outputs.get(DecoderModel.HIDDEN_2D));
        INDArray logits = head.of(hidden);
        open.release(hidden);
        return logits;
    }

    /** The lookups check nothing themselves. */
    private static void requireBelow(String what, long bound, INDArray values) {
        long least = values.minNumber().longValue();
        long greatest = values.maxNumber().longValue();
        if (least < 0 || greatest >= bound) {
            throw new IllegalArgumentException(
                    what + " must be in [0, " + bound + "), got " + (least < 0 ? least : greatest));
        }
    }

    @Override
    public void close() {
        head.close();
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
