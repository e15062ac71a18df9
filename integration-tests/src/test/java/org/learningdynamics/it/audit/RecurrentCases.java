package org.learningdynamics.it.audit;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMConfiguration;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMDataFormat;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMDirectionMode;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMLayerConfig;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.weights.GRUWeights;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.weights.LSTMLayerWeights;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.weights.LSTMWeights;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.weights.SRUWeights;

/** {@code sd.rnn()}. */
final class RecurrentCases extends CaseTable {
    @Override
    void fill() {
        gated();
        lstmLayer();
        lstmBlocks();
        simple();
    }

    private void gated() {
        add(
                "sd.rnn().gru(x, h, Wx, Wh, b)",
                "[3, 2, 2]",
                (sd, v) -> sd.rnn().gru(v[0], v[1], v[2], v[3], v[4]),
                real(3, 2, 2),
                real(2, 3),
                real(2, 9),
                real(3, 9),
                real(9));
        add(
                many(
                        "sd.rnn().gruCell(x, h, …)[3]",
                        "[2, 2]",
                        (sd, v) ->
                                new SDVariable[] {
                                    sd.rnn()
                                            .gruCell(
                                                    v[0],
                                                    v[1],
                                                    GRUWeights.builder()
                                                            .ruWeight(v[2])
                                                            .cWeight(v[3])
                                                            .ruBias(v[4])
                                                            .cBias(v[5])
                                                            .build())[3]
                                },
                        real(2, 2),
                        real(2, 3),
                        real(5, 6),
                        real(5, 3),
                        real(6),
                        real(3)));
    }

    private void lstmLayer() {
        for (LSTMDataFormat format :
                new LSTMDataFormat[] {LSTMDataFormat.TNS, LSTMDataFormat.NST, LSTMDataFormat.NTS}) {
            LSTMLayerConfig c =
                    LSTMLayerConfig.builder()
                            .lstmdataformat(format)
                            .directionMode(LSTMDirectionMode.FWD)
                            .retFullSequence(true)
                            .build();
            layer("whole sequence, " + format, c);
            LSTMLayerConfig last =
                    LSTMLayerConfig.builder()
                            .lstmdataformat(format)
                            .directionMode(LSTMDirectionMode.FWD)
                            .retFullSequence(false)
                            .retLastH(true)
                            .build();
            layer("last output, " + format, last);
        }
    }

    private void layer(String words, LSTMLayerConfig config) {
        add(
                many(
                        "sd.rnn().lstmLayer(x, …)[0]",
                        words,
                        (sd, v) ->
                                new SDVariable[] {
                                    sd.rnn()
                                            .lstmLayer(
                                                    v[0],
                                                    LSTMLayerWeights.builder()
                                                            .weights(v[1])
                                                            .rWeights(v[2])
                                                            .bias(v[3])
                                                            .build(),
                                                    config)[0]
                                },
                        real(2, 2, 2),
                        real(2, 12),
                        real(3, 12),
                        real(12)));
        add(
                many(
                                "sd.rnn().lstmLayer(x, c, y, …)[0]",
                                words,
                                (sd, v) ->
                                        new SDVariable[] {
                                            sd.rnn()
                                                    .lstmLayer(
                                                            v[0],
                                                            v[4],
                                                            v[5],
                                                            null,
                                                            LSTMLayerWeights.builder()
                                                                    .weights(v[1])
                                                                    .rWeights(v[2])
                                                                    .bias(v[3])
                                                                    .build(),
                                                            config)[0]
                                        },
                                real(2, 2, 2),
                                real(2, 12),
                                real(3, 12),
                                real(12),
                                real(2, 3),
                                real(2, 3))
                        .under("INITIAL_STATE"));
    }

    private void lstmBlocks() {
        LSTMConfiguration c =
                LSTMConfiguration.builder()
                        .forgetBias(1)
                        .clippingCellValue(0)
                        .peepHole(false)
                        .build();
        add(
                many(
                        "sd.rnn().lstmCell(x, c, y, …)[6]",
                        "[2, 2]",
                        (sd, v) ->
                                new SDVariable[] {
                                    sd.rnn().lstmCell(v[0], v[1], v[2], weights(v), c)[6]
                                },
                        real(2, 2),
                        real(2, 3),
                        real(2, 3),
                        real(5, 12),
                        real(12),
                        real(3),
                        real(3),
                        real(3)));
        add(
                "sd.rnn().lstmblock(x, …)",
                "[2, 2, 2]",
                (sd, v) -> sd.rnn().lstmblock(sd.constant(2.0), v[0], v[1], v[2], weights(v), c),
                real(2, 2, 2),
                real(2, 3),
                real(2, 3),
                real(5, 12),
                real(12),
                real(3),
                real(3),
                real(3));
    }

    private static LSTMWeights weights(SDVariable[] v) {
        return LSTMWeights.builder()
                .weights(v[3])
                .bias(v[4])
                .inputPeepholeWeights(v[5])
                .forgetPeepholeWeights(v[6])
                .outputPeepholeWeights(v[7])
                .build();
    }

    private void simple() {
        add(
                "sd.rnn().sru(x, c, …)",
                "[2, 3, 2]",
                (sd, v) ->
                        sd.rnn()
                                .sru(
                                        v[0],
                                        v[1],
                                        SRUWeights.builder().weights(v[2]).bias(v[3]).build()),
                real(2, 3, 2),
                real(2, 3),
                real(9, 3),
                real(6));
        add(
                "sd.rnn().sruCell(x, c, …)",
                "[2, 3]",
                (sd, v) ->
                        sd.rnn()
                                .sruCell(
                                        v[0],
                                        v[1],
                                        SRUWeights.builder().weights(v[2]).bias(v[3]).build()),
                real(2, 3),
                real(2, 3),
                real(3, 9),
                real(6));
    }
}
