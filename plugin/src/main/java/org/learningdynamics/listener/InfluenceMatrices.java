package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.learningdynamics.influence.InteractionSums;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.ResidualRow;

/** Influences of one recording, filled response by response; NaN where nothing was measured. */
final class InfluenceMatrices {
    private final LearntExamples examples;
    private final List<String> layers;
    private final InfluenceOptions options;
    private final Map<Key, double[][]> matrices = new LinkedHashMap<>();

    private record Key(String layer, String part) {}

    InfluenceMatrices(
            LearntExamples examples, List<String> layers, int responses, InfluenceOptions options) {
        this.examples = examples;
        this.layers = layers;
        this.options = options;
        List<String> recorded = new ArrayList<>(List.of(InfluenceBlock.ALL_LAYERS));
        if (options.detail().layers()) {
            recorded.addAll(layers);
        }
        for (String layer : recorded) {
            for (String part : parts()) {
                double[][] matrix = new double[examples.count()][responses];
                for (double[] row : matrix) {
                    Arrays.fill(row, Double.NaN);
                }
                matrices.put(new Key(layer, part), matrix);
            }
        }
    }

    private List<String> parts() {
        return options.layout() == RowLayout.PAIRS
                ? List.of(InfluenceBlock.WHOLE, ResidualRow.CHOSEN, ResidualRow.REJECTED)
                : List.of(InfluenceBlock.WHOLE);
    }

    void add(int column, InteractionSums sums, int observed) {
        for (int row = 0; row < examples.rows(); row++) {
            if (!examples.isPart(row)) {
                continue;
            }
            double total = 0;
            for (int layer = 0; layer < layers.size(); layer++) {
                double value = sums.pairs()[layer][observed][row];
                total += value;
                if (options.detail().layers()) {
                    add(layers.get(layer), row, column, value);
                }
            }
            add(InfluenceBlock.ALL_LAYERS, row, column, total);
        }
    }

    private void add(String layer, int row, int column, double value) {
        add(layer, InfluenceBlock.WHOLE, row, column, value);
        if (options.layout() == RowLayout.PAIRS) {
            add(layer, examples.part(row), row, column, value);
        }
    }

    private void add(String layer, String part, int row, int column, double value) {
        double[] cells =
                Objects.requireNonNull(matrices.get(new Key(layer, part)))[examples.position(row)];
        cells[column] = Double.isNaN(cells[column]) ? value : cells[column] + value;
    }

    List<InfluenceBlock> blocks(long step) {
        InfluenceForm form = InfluenceForm.valueOf(options.form().name());
        List<InfluenceBlock> blocks = new ArrayList<>();
        matrices.forEach(
                (key, matrix) ->
                        blocks.add(
                                new InfluenceBlock(
                                        step,
                                        key.layer(),
                                        key.part(),
                                        form,
                                        FloatMatrix.ofRows(
                                                matrix.length == 0 ? 0 : matrix[0].length,
                                                matrix))));
        return blocks;
    }
}
