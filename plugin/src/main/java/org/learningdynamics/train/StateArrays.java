package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.learningdynamics.data.DataException;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays of a run, written and read bit by bit. */
final class StateArrays {
    private StateArrays() {}

    /** The updaters' states, as {@code parameter/state}. */
    static Map<String, INDArray> ofUpdaters(SameDiff graph) {
        Map<String, INDArray> all = new TreeMap<>();
        ParameterSteps.updaters(graph)
                .forEach(
                        (parameter, updater) ->
                                updater.getState()
                                        .forEach(
                                                (s, array) -> all.put(parameter + "/" + s, array)));
        return all;
    }

    static void write(Path file, Map<String, INDArray> arrays) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        arrays.forEach((name, array) -> writer.tensor(name, type(array), array));
        writer.write(file);
    }

    private static TensorType type(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? TensorType.F64 : TensorType.F32;
    }

    /**
     * Reads into arrays.
     *
     * @param targets by name, of which the file must hold every one
     * @param mayHoldMore whether the file may hold others too
     * @throws DataException naming the first tensor that is missing, surplus or of another shape;
     *     nothing is read then
     */
    static void read(Path file, Map<String, INDArray> targets, boolean mayHoldMore) {
        try (Safetensors content = Safetensors.open(file)) {
            Map<String, TensorInfo> found = content.tensors();
            Set<String> surplus = new TreeSet<>(found.keySet());
            surplus.removeAll(targets.keySet());
            if (!mayHoldMore && !surplus.isEmpty()) {
                throw new DataException(file + ": holds tensors of no parameter, " + surplus);
            }
            for (Map.Entry<String, INDArray> target : targets.entrySet()) {
                requireFitting(file, target.getKey(), target.getValue(), found);
            }
            for (Map.Entry<String, INDArray> target : targets.entrySet()) {
                content.readInto(target.getKey(), target.getValue());
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireFitting(
            Path file, String name, INDArray target, Map<String, TensorInfo> found) {
        TensorInfo tensor = found.get(name);
        if (tensor == null) {
            throw new DataException(file + ": must hold tensor " + name + ", it does not");
        }
        if (tensor.type() != type(target) || !tensor.shape().equals(shape(target))) {
            throw new DataException(
                    file
                            + ": tensor "
                            + name
                            + " must be "
                            + type(target)
                            + shape(target)
                            + ", got "
                            + tensor.type()
                            + tensor.shape());
        }
    }

    private static List<Long> shape(INDArray array) {
        return Arrays.stream(array.shape()).boxed().toList();
    }
}
