package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Keys and values of the tokens that a batch of rows has read, block by block. All rows write to
 * the same slot; which slots a row sees is the reader's knowledge.
 */
final class KeyValueCache implements AutoCloseable {
    private final DecoderConfig config;
    private final int slots;
    private final List<INDArray> keys =
            new ArrayList<>(); // [rows, keyValueHeads, slots, headWidth]
    private final List<INDArray> values = new ArrayList<>();

    KeyValueCache(DecoderConfig config, int rows, int slots) {
        this.config = config;
        this.slots = slots;
        for (int i = 0; i < config.layers(); i++) {
            keys.add(empty(rows));
            values.add(empty(rows));
        }
    }

    private INDArray empty(int rows) {
        return Nd4j.create(
                config.dataType(), rows, config.keyValueHeads(), slots, config.headWidth());
    }

    /** Bytes of one row with so many slots. */
    static long bytesOfRow(DecoderConfig config, int slots) {
        return 2L
                * config.layers()
                * config.keyValueHeads()
                * config.headWidth()
                * slots
                * config.dataType().width();
    }

    int slots() {
        return slots;
    }

    /** Writes a block's keys and values from a slot on // [rows, keyValueHeads, T, headWidth]. */
    void write(int block, int slot, INDArray newKeys, INDArray newValues) {
        INDArrayIndex places = NDArrayIndex.interval(slot, slot + newKeys.size(2));
        at(keys.get(block), places).assign(newKeys);
        at(values.get(block), places).assign(newValues);
    }

    /** A block's keys in the first slots; a view. */
    INDArray keys(int block, int slots) {
        return at(keys.get(block), NDArrayIndex.interval(0, slots));
    }

    /** A block's values in the first slots; a view. */
    INDArray values(int block, int slots) {
        return at(values.get(block), NDArrayIndex.interval(0, slots));
    }

    private static INDArray at(INDArray array, INDArrayIndex places) {
        return array.get(NDArrayIndex.all(), NDArrayIndex.all(), places, NDArrayIndex.all());
    }

    /** Keeps some rows, in this order, and frees the memory of the others. */
    void keep(int[] rows) {
        for (List<INDArray> arrays : List.of(keys, values)) {
            arrays.replaceAll(array -> kept(array, rows));
        }
    }

    private INDArray kept(INDArray array, int[] rows) {
        INDArray kept = empty(rows.length);
        for (int i = 0; i < rows.length; i++) {
            kept.get(NDArrayIndex.point(i)).assign(array.get(NDArrayIndex.point(rows[i])));
        }
        array.close();
        return kept;
    }

    @Override
    public void close() {
        keys.forEach(INDArray::close);
        values.forEach(INDArray::close);
    }
}
