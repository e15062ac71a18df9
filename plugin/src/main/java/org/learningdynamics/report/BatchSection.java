package org.learningdynamics.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.RowFilter;

/**
 * The batch behind one recording: what each example, each of its parts and each layer group did to
 * the drawn responses, how the loss pulled at it, and the kernel where it was measured. Of a large
 * batch the examples that did most are drawn, those with the largest sum of sizes over the drawn
 * responses; sums over the batch are over all of it.
 */
final class BatchSection {
    static final int MAX_EXAMPLES = 64;

    private final InteractionReader interactions;
    private final DrawnResponses responses;
    private final RowFilter step;
    private final Map<String, FloatMatrix> parts = new LinkedHashMap<>();
    private final Map<Integer, Map<String, ResidualRow>> residuals = new HashMap<>();
    private int[] drawn = new int[0];
    private int batch;

    BatchSection(InteractionReader interactions, DrawnResponses responses, long step) {
        this.interactions = interactions;
        this.responses = responses;
        this.step = RowFilter.ALL.steps(step, step);
    }

    /** The recorded layer groups, without the one that is all of them. */
    static List<String> layers(InteractionReader interactions) {
        return interactions.layers().stream()
                .filter(layer -> !layer.equals(InfluenceBlock.ALL_LAYERS))
                .toList();
    }

    void write(Json json, ExampleTexts named) {
        read();
        json.key("batch").value(batch).key("examples").array();
        for (int position : drawn) {
            json.value(named.name(example(position)));
        }
        json.endArray();
        writeParts(json);
        writeLayers(json);
        writeResiduals(json);
        writeKernel(json);
    }

    private void read() {
        interactions.forEachResidual(
                step,
                row ->
                        residuals
                                .computeIfAbsent(row.position(), position -> new LinkedHashMap<>())
                                .put(row.part(), row));
        interactions.forEachInfluence(
                step,
                InfluenceBlock.ALL_LAYERS,
                InfluenceBlock.WHOLE,
                block -> {
                    batch = block.examples();
                    drawn = strongest(block.values());
                });
        for (String part : interactions.parts()) {
            interactions.forEachInfluence(
                    step,
                    InfluenceBlock.ALL_LAYERS,
                    part,
                    block -> parts.put(part, block.values()));
        }
    }

    private int[] strongest(FloatMatrix values) {
        double[] size = new double[batch];
        for (int position = 0; position < batch; position++) {
            for (int r = 0; r < responses.count(); r++) {
                double value = Math.abs(values.get(position, responses.column(r)));
                size[position] += Double.isNaN(value) ? 0 : value;
            }
        }
        return IntStream.range(0, batch)
                .boxed()
                .sorted(Comparator.comparingDouble(position -> -size[position]))
                .limit(MAX_EXAMPLES)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private long example(int position) {
        return residuals.getOrDefault(position, Map.of()).values().stream()
                .mapToLong(ResidualRow::example)
                .findFirst()
                .orElse(-1);
    }

    private void writeParts(Json json) {
        json.key("parts").object();
        parts.forEach(
                (part, values) -> {
                    json.key(part).array();
                    for (int position : drawn) {
                        json.values(row(values, position));
                    }
                    json.endArray();
                });
        json.endObject();
    }

    private double[] row(FloatMatrix values, int position) {
        double[] row = new double[responses.count()];
        for (int r = 0; r < row.length; r++) {
            row[r] = values.get(position, responses.column(r));
        }
        return row;
    }

    /** What each layer group did to each response, summed over the batch. */
    private void writeLayers(Json json) {
        json.key("layers").array();
        for (String layer : layers(interactions)) {
            double[] sums = new double[responses.count()];
            interactions.forEachInfluence(
                    step, layer, InfluenceBlock.WHOLE, block -> addRows(block.values(), sums));
            json.values(sums);
        }
        json.endArray();
    }

    private void addRows(FloatMatrix values, double[] sums) {
        for (int position = 0; position < values.rows(); position++) {
            double[] row = row(values, position);
            for (int r = 0; r < sums.length; r++) {
                sums[r] += row[r];
            }
        }
    }

    /**
     * By part, for each drawn example: c, ‖A‖, ‖G‖, norm of the gradient, self-influence, tokens.
     */
    private void writeResiduals(Json json) {
        json.key("residuals").object();
        residuals.values().stream()
                .flatMap(byPart -> byPart.keySet().stream())
                .distinct()
                .sorted()
                .forEach(part -> writeResiduals(json, part));
        json.endObject();
    }

    private void writeResiduals(Json json, String part) {
        json.key(part).array();
        for (int position : drawn) {
            ResidualRow row = residuals.getOrDefault(position, Map.of()).get(part);
            json.values(
                    row == null
                            ? new double[0]
                            : new double[] {
                                row.coefficient(),
                                row.aNorm(),
                                row.gNorm(),
                                row.gradNorm(),
                                row.selfInfluence(),
                                row.tokens()
                            });
        }
        json.endArray();
    }

    /** By name and part, matrices of the numbers and of their standard errors. */
    private void writeKernel(Json json) {
        Map<String, double[][]> matrices = new LinkedHashMap<>();
        Map<String, Integer> numbers = responses.byKey();
        interactions.forEachKernel(
                step,
                row -> {
                    Integer response = numbers.get(DrawnResponses.key(row.probe(), row.kind()));
                    if (response != null && row.position() != KernelRow.NONE) {
                        put(matrices, row, response);
                    }
                });
        json.key("kernel").object();
        matrices.forEach(
                (name, matrix) -> {
                    json.key(name).array();
                    Arrays.stream(drawn).forEach(position -> json.values(matrix[position]));
                    json.endArray();
                });
        json.endObject();
    }

    /** Positions of a kernel count the chosen responses of a batch of pairs, then the rejected. */
    private void put(Map<String, double[][]> matrices, KernelRow row, int response) {
        int position = row.position() % Math.max(1, batch);
        String part = part(row.position() / Math.max(1, batch));
        if (part.isEmpty()) {
            return;
        }
        IntFunction<double[]> missing =
                e -> {
                    double[] none = new double[responses.count()];
                    Arrays.fill(none, Double.NaN);
                    return none;
                };
        for (String suffix : List.of("", " error")) {
            double[][] matrix =
                    matrices.computeIfAbsent(
                            row.name() + " " + part + suffix,
                            key ->
                                    IntStream.range(0, batch)
                                            .mapToObj(missing)
                                            .toArray(double[][]::new));
            matrix[position][response] = suffix.isEmpty() ? row.value() : row.standardError();
        }
    }

    private String part(int half) {
        boolean paired =
                residuals.values().stream()
                        .anyMatch(byPart -> byPart.containsKey(ResidualRow.REJECTED));
        List<String> halves =
                paired
                        ? List.of(ResidualRow.CHOSEN, ResidualRow.REJECTED)
                        : List.of(ResidualRow.RESPONSE);
        return half < halves.size() ? halves.get(half) : "";
    }
}
