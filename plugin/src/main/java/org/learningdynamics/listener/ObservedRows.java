package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.learningdynamics.model.ModelInput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Rows of a batch of probes on which influence is measured.
 *
 * @param source the batch they are from, which tells their number of positions
 * @param input their arrays
 * @param reading their names and labels
 */
record ObservedRows(ProbeBatch source, ModelInput input, ProbeBatch.Reading reading) {
    /** Everything that is selected, one entry a reading of a batch. */
    static List<ObservedRows> of(Probes probes, ResponseSelection selection) {
        Set<Integer> ids = selection.probes(probes);
        List<ObservedRows> all = new ArrayList<>();
        for (ProbeBatch batch : probes.batches()) {
            for (ProbeBatch.Reading reading : batch.readings()) {
                int[] rows = rows(reading, ids, selection);
                if (rows.length == batch.rows()) {
                    all.add(new ObservedRows(batch, batch.input(), reading));
                } else if (rows.length > 0) {
                    all.add(some(batch, reading, rows));
                }
            }
        }
        return List.copyOf(all);
    }

    private static int[] rows(
            ProbeBatch.Reading reading, Set<Integer> ids, ResponseSelection selection) {
        return IntStream.range(0, reading.names().size())
                .filter(row -> ids.contains(reading.names().get(row).probe()))
                .filter(row -> selection.hasKind(reading.names().get(row).kind()))
                .toArray();
    }

    private static ObservedRows some(ProbeBatch batch, ProbeBatch.Reading reading, int[] rows) {
        ModelInput input =
                new ModelInput(
                        batch.input().features().stream().map(a -> pick(a, rows)).toList(),
                        batch.input().masks().stream().map(a -> pick(a, rows)).toList());
        List<ProbeBatch.RowName> names =
                Arrays.stream(rows).mapToObj(reading.names()::get).toList();
        Labels labels =
                positions -> {
                    int[][] whole = reading.labels().at(positions);
                    return Arrays.stream(rows).mapToObj(row -> whole[row]).toArray(int[][]::new);
                };
        return new ObservedRows(batch, input, new ProbeBatch.Reading(names, labels));
    }

    private static INDArray pick(INDArray array, int[] rows) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.indices(Arrays.stream(rows).mapToLong(row -> row).toArray());
        return array.get(indices).dup('c').detach();
    }

    int rows() {
        return reading.names().size();
    }
}
