package org.learningdynamics.lm;

import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Constants that rotate heads: {@code x · cos + (x · rotation) · sin} over rows of one head.
 *
 * <p>Of the r columns that turn, column j and column j + r/2 form a pair that turns by {@code
 * position/scale · base^(−2j/r)}; columns from r on stay, with cos = 1 and sin = 0. The attention's
 * factor {@code 1/√headWidth} sits in the queries' tables.
 *
 * @param queryCos cosines for a query // [positions, headWidth]
 * @param querySin sines for a query // [positions, headWidth]
 * @param keyCos cosines for a key // [positions, headWidth]
 * @param keySin sines for a key // [positions, headWidth]
 * @param rotation x · rotation = (−second half, first half, 0) of x // [headWidth, headWidth]
 */
record RotaryTables(
        INDArray queryCos, INDArray querySin, INDArray keyCos, INDArray keySin, INDArray rotation) {
    /** The tables of a model, empty if its positions are not rotary. */
    static Optional<RotaryTables> ifRotary(DecoderConfig config) {
        return config.architecture().positions() == PositionKind.ROTARY
                ? Optional.of(of(config))
                : Optional.empty();
    }

    static RotaryTables of(DecoderConfig config) {
        double scale = 1 / Math.sqrt(config.headWidth());
        return new RotaryTables(
                table(config, angle -> scale * Math.cos(angle)),
                table(config, angle -> scale * Math.sin(angle)),
                table(config, Math::cos),
                table(config, Math::sin),
                rotation(config));
    }

    private static INDArray table(
            DecoderConfig config, java.util.function.DoubleUnaryOperator function) {
        int rows = TokenRows.rounded(config.maxLength());
        INDArray table = Nd4j.createUninitialized(config.dataType(), rows, config.headWidth());
        double[] row = new double[config.headWidth()];
        for (int position = 0; position < rows; position++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = function.applyAsDouble(angle(config, position, j));
            }
            try (INDArray array = Nd4j.createFromArray(row)) {
                table.putRow(position, array);
            }
        }
        return table;
    }

    /** 0 for columns that stay. */
    static double angle(DecoderConfig config, int position, int column) {
        int turning = config.rotaryColumns();
        if (column >= turning) {
            return 0;
        }
        int half = turning / 2;
        double place = position / config.architecture().rotaryScale();
        return place * Math.pow(config.rotaryBase(), -(double) (column % half) / half);
    }

    private static INDArray rotation(DecoderConfig config) {
        int half = config.rotaryColumns() / 2;
        DataType type = config.dataType();
        INDArray matrix = Nd4j.zeros(type, config.headWidth(), config.headWidth());
        for (int j = 0; j < half; j++) {
            matrix.putScalar(half + j, j, -1);
            matrix.putScalar(j, half + j, 1);
        }
        return matrix;
    }
}
