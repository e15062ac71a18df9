package org.learningdynamics.lm;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Constants that rotate queries, keys and values in one go: {@code x · cos + (x · rotation) · sin}
 * over rows of one head.
 *
 * <p>Column j and column j + h/2 of a head of width h form a pair that turns by {@code position ·
 * base^(−2j/h)}. The attention's factor {@code 1/√h} sits in the queries' part of the tables; the
 * values' part is cos = 1, sin = 0.
 *
 * @param cos cosines for every column of q, k and v // [positions, 3 · width]
 * @param sin sines for every column of q, k and v // [positions, 3 · width]
 * @param rotation x · rotation = (−second half, first half) of x // [headWidth, headWidth]
 */
record RotaryTables(INDArray cos, INDArray sin, INDArray rotation) {
    static RotaryTables of(DecoderConfig config) {
        int rows = TokenRows.rounded(config.maxLength());
        int columns = 3 * config.width();
        INDArray cos = Nd4j.createUninitialized(config.dataType(), rows, columns);
        INDArray sin = Nd4j.createUninitialized(config.dataType(), rows, columns);
        for (int position = 0; position < rows; position++) {
            double[] c = new double[columns];
            double[] s = new double[columns];
            fill(config, position, c, s);
            putRow(cos, position, c);
            putRow(sin, position, s);
        }
        return new RotaryTables(cos, sin, rotation(config.headWidth(), config.dataType()));
    }

    private static void fill(DecoderConfig config, int position, double[] c, double[] s) {
        int d = config.width();
        int half = config.headWidth() / 2;
        double scale = 1 / Math.sqrt(config.headWidth());
        for (int j = 0; j < d; j++) {
            double angle = position * Math.pow(config.rotaryBase(), -(double) (j % half) / half);
            c[j] = scale * Math.cos(angle);
            s[j] = scale * Math.sin(angle);
            c[d + j] = Math.cos(angle);
            s[d + j] = Math.sin(angle);
            c[2 * d + j] = 1;
        }
    }

    private static INDArray rotation(int headWidth, DataType type) {
        int half = headWidth / 2;
        INDArray matrix = Nd4j.zeros(type, headWidth, headWidth);
        for (int j = 0; j < half; j++) {
            matrix.putScalar(half + j, j, -1);
            matrix.putScalar(j, half + j, 1);
        }
        return matrix;
    }

    private static void putRow(INDArray table, int row, double[] values) {
        try (INDArray array = Nd4j.createFromArray(values)) {
            table.putRow(row, array);
        }
    }
}
