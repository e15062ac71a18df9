package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Lends arrays in the data types a model wants; copies made for that are closed afterwards. */
final class TypedArrays {
    private TypedArrays() {}

    static <R> R use(
            List<INDArray> arrays, List<DataType> types, Function<List<INDArray>, R> function) {
        List<INDArray> typed = new ArrayList<>(arrays.size());
        try {
            for (int i = 0; i < arrays.size(); i++) {
                typed.add(arrays.get(i).castTo(types.get(i)));
            }
            return function.apply(typed);
        } finally {
            for (int i = 0; i < typed.size(); i++) {
                if (typed.get(i) != arrays.get(i)) {
                    typed.get(i).close();
                }
            }
        }
    }
}
