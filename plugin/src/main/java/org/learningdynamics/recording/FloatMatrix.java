package org.learningdynamics.recording;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An immutable matrix of single-precision numbers, stored in a run file as a blob: row after row,
 * little-endian, 4 bytes a value. Values may be NaN or infinite and are kept as they are.
 */
public final class FloatMatrix implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int rows;
    private final int columns;
    private final float[] values;

    private FloatMatrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /**
     * Copies values.
     *
     * @param rows number of rows, &ge; 0
     * @param columns number of columns, &ge; 0
     * @param values the values, row after row // [rows · columns]
     * @return the matrix
     * @throws IllegalArgumentException if a size is negative or does not fit the values
     */
    public static FloatMatrix of(int rows, int columns, float... values) {
        requireSizes(rows, columns, values.length);
        return new FloatMatrix(rows, columns, values.clone());
    }

    /**
     * Copies values and rounds them to single precision.
     *
     * @param columns number of columns, &ge; 0
     * @param values the rows, each of that many values // [rows][columns]
     * @return the matrix
     * @throws IllegalArgumentException if a row has another length
     */
    public static FloatMatrix ofRows(int columns, double[]... values) {
        Checks.atLeast("columns", 0, columns);
        float[] rounded = new float[Math.multiplyExact(values.length, columns)];
        for (int row = 0; row < values.length; row++) {
            requireSizes(1, columns, values[row].length);
            for (int column = 0; column < columns; column++) {
                rounded[row * columns + column] = (float) values[row][column];
            }
        }
        return new FloatMatrix(values.length, columns, rounded);
    }

    private static void requireSizes(int rows, int columns, long count) {
        Checks.atLeast("rows", 0, rows);
        Checks.atLeast("columns", 0, columns);
        if ((long) rows * columns != count) {
            throw new IllegalArgumentException(
                    "values must be rows x columns = "
                            + rows
                            + " x "
                            + columns
                            + " many, got "
                            + count);
        }
    }

    static FloatMatrix ofBytes(int rows, int columns, byte[] bytes) {
        requireSizes(rows, columns, (bytes.length + Float.BYTES - 1L) / Float.BYTES);
        float[] values = new float[rows * columns];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new FloatMatrix(rows, columns, values);
    }

    byte[] bytes() {
        ByteBuffer buffer =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    /**
     * The number of rows.
     *
     * @return &ge; 0
     */
    public int rows() {
        return rows;
    }

    /**
     * The number of columns.
     *
     * @return &ge; 0
     */
    public int columns() {
        return columns;
    }

    /**
     * One value.
     *
     * @param row index of the row, from 0
     * @param column index of the column, from 0
     * @return the value there
     * @throws IndexOutOfBoundsException if an index is outside the matrix
     */
    public float get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "indices must be inside "
                            + rows
                            + " x "
                            + columns
                            + ", got "
                            + row
                            + ", "
                            + column);
        }
        return values[row * columns + column];
    }

    /**
     * How many values are not a number.
     *
     * @return the count, 0 if all are numbers
     */
    public int nanCount() {
        int count = 0;
        for (float value : values) {
            count += Float.isNaN(value) ? 1 : 0;
        }
        return count;
    }

    /** NaN values in the columns that hold a number as well. */
    int nanCountOfMeasuredColumns() {
        int count = 0;
        for (int column = 0; column < columns; column++) {
            int missing = 0;
            for (int row = 0; row < rows; row++) {
                missing += Float.isNaN(get(row, column)) ? 1 : 0;
            }
            count += missing < rows ? missing : 0;
        }
        return count;
    }

    /** Compares sizes and values; NaN equals NaN, 0 differs from −0. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FloatMatrix matrix
                && rows == matrix.rows
                && columns == matrix.columns
                && Arrays.equals(values, matrix.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "FloatMatrix[" + rows + " x " + columns + "]";
    }
}
