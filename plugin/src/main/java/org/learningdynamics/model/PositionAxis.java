package org.learningdynamics.model;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where an output layer puts the positions of a sequence. */
enum PositionAxis {
    /** {@code [B, V]}, or {@code [B, V, T]}: DL4J's usual order. */
    LAST {
        @Override
        INDArray flatten(INDArray output, String name) {
            return FlatLogits.fromPositionsLast(output, name);
        }
    },
    /** {@code [B, V]}, or {@code [B, T, V]}: the format NWC. */
    MIDDLE {
        @Override
        INDArray flatten(INDArray output, String name) {
            return FlatLogits.fromRowMajor(output, name);
        }
    };

    static PositionAxis of(Layer output) {
        return formatOf(output) == RNNFormat.NCW ? LAST : MIDDLE;
    }

    /** NCW where the layer leaves it open. */
    static RNNFormat formatOf(Layer output) {
        if (output instanceof RnnOutputLayer layer && layer.getRnnDataFormat() != null) {
            return layer.getRnnDataFormat();
        } else if (output instanceof RnnLossLayer layer && layer.getRnnDataFormat() != null) {
            return layer.getRnnDataFormat();
        }
        return RNNFormat.NCW;
    }

    /** Takes over the output and gives {@code [B·T, V]}. */
    abstract INDArray flatten(INDArray output, String name);
}
