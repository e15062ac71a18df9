package org.learningdynamics.safetensors;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The tensors of a file must cover its data: no overlap, no hole, nothing after the last. */
final class Tiling {
    private Tiling() {}

    static void check(Path file, Collection<TensorInfo> tensors, long dataBytes)
            throws SafetensorsException {
        List<TensorInfo> ordered =
                tensors.stream()
                        .sorted(
                                Comparator.comparingLong(TensorInfo::begin)
                                        .thenComparingLong(TensorInfo::end))
                        .toList();
        long covered = 0;
        for (TensorInfo tensor : ordered) {
            if (tensor.begin() != covered) {
                String rule = tensor.begin() < covered ? "overlaps another" : "leaves a hole";
                throw SafetensorsException.ofTensor(
                        file,
                        tensor.name(),
                        "%s: the tensors before it end at byte %d, it begins at %d"
                                .formatted(rule, covered, tensor.begin()));
            }
            covered = tensor.end();
        }
        if (covered != dataBytes) {
            throw new SafetensorsException(
                    file,
                    "tensors take " + covered + " bytes of data, the file holds " + dataBytes);
        }
    }
}
