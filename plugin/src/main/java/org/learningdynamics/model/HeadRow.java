package org.learningdynamics.model;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The heads of one row's positions, copied to where products read them. One instance a thread. */
final class HeadRow {
    private final HeadPlaces places;
    private final FloatBuffer memory;
    private final float[] bias; // [heads · h], or nothing
    private final float[] vectors; // of a position // [heads · h]
    private final int row;
    private final int length;

    /**
     * One row of an array.
     *
     * @param places where its heads stand
     * @param array of the variable they stand in
     * @param bias of its columns
     * @param row which of the array's
     * @param length T
     */
    HeadRow(HeadPlaces places, INDArray array, Optional<INDArray> bias, int row, int length) {
        this.places = places;
        this.memory = HostRows.memory(array);
        int first = places.first();
        this.bias =
                bias.map(HostRows::values)
                        .map(all -> Arrays.copyOfRange(all, first, first + places.size()))
                        .orElse(new float[0]);
        vectors = new float[places.size()];
        this.row = row;
        this.length = length;
    }

    /**
     * Copies positions behind each other.
     *
     * @param from the first position
     * @param to behind the last
     * @param target // [positions, heads, h]
     * @param at the position of the target to begin at
     */
    void copy(int from, int to, FloatBuffer target, int at) {
        for (int position = from; position < to; position++) {
            read(position);
            for (int i = 0; i < bias.length; i++) {
                vectors[i] += bias[i];
            }
            target.put((at + position - from) * vectors.length, vectors);
        }
    }

    private void read(int position) {
        int pieces = places.isByPosition() ? 1 : places.heads();
        int piece = vectors.length / pieces;
        for (int head = 0; head < pieces; head++) {
            memory.get(places.place(row, length, position, head), vectors, head * piece, piece);
        }
    }
}
