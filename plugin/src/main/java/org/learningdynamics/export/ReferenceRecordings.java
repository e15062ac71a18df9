package org.learningdynamics.export;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.Cell;

/** Gathers the likelihood rows of a recording and writes them as one page of the array. */
final class ReferenceRecordings implements Closeable {
    private static final List<ReferenceSlot> SLOTS =
            ReferenceLayout.LOG_PROBS_AND_NORMS.slots(SharedRows.OF_CHOSEN);

    private final List<Integer> probes;
    private final Map<Integer, Integer> positions = new HashMap<>();
    private final double[][] page; // [slots][probes]
    private final BitSet filled = new BitSet();
    private final NpyWriter array;
    private final BufferedWriter metrics;
    private long step = -1;

    ReferenceRecordings(Path arrayFile, Path metricsFile, List<Integer> probes) throws IOException {
        this.probes = probes;
        for (int i = 0; i < probes.size(); i++) {
            positions.put(probes.get(i), i);
        }
        page = new double[SLOTS.size()][probes.size()];
        array = new NpyWriter(arrayFile, NpyType.FLOAT64, SLOTS.size(), probes.size());
        metrics = Files.newBufferedWriter(metricsFile, StandardCharsets.UTF_8);
    }

    void row(List<Cell> row) throws IOException {
        if (ReferenceExport.step(row) != step) {
            finish();
            step = ReferenceExport.step(row);
        }
        Integer position = positions.get(ReferenceExport.probe(row));
        if (position == null) {
            throw new ExchangeException(
                    "likelihood at step "
                            + step
                            + " must be of a probe of the run, got probe "
                            + ReferenceExport.probe(row));
        }
        String kind = ReferenceExport.kind(row);
        for (int slot = 0; slot < SLOTS.size(); slot++) {
            if (SLOTS.get(slot).kind().equals(kind)) {
                page[slot][position] = measured(SLOTS.get(slot), row);
                filled.set(slot * probes.size() + position);
            }
        }
    }

    private double measured(ReferenceSlot slot, List<Cell> row) {
        if (row.get(slot.measure().index()) instanceof Cell.Real real) {
            return real.value();
        }
        throw new ExchangeException(
                slot.measure().column()
                        + " of "
                        + slot.kind()
                        + " must be measured for the reference's files, got nothing at step "
                        + step
                        + " of probe "
                        + ReferenceExport.probe(row));
    }

    /** Writes the recording that was gathered, if there is one. */
    void finish() throws IOException {
        if (step < 0) {
            return;
        }
        int missing = filled.nextClearBit(0);
        if (missing < SLOTS.size() * probes.size()) {
            throw new ExchangeException(
                    "recording "
                            + step
                            + " must have a likelihood of every response, got none of "
                            + SLOTS.get(missing / probes.size()).kind()
                            + " of probe "
                            + probes.get(missing % probes.size()));
        }
        for (double[] row : page) {
            for (double value : row) {
                array.add(value);
            }
        }
        metrics.write(means());
        filled.clear();
        step = -1;
    }

    /** The means over the probes, in the order of the writer that begins with a norm. */
    private String means() {
        StringBuilder line = new StringBuilder("{");
        for (String kind : ReferenceLayout.KINDS) {
            append(line, ReferenceKeys.norm(kind), kind, ReferenceMeasure.PEAKINESS);
            append(line, ReferenceKeys.logProb(kind), kind, ReferenceMeasure.LOG_PROB);
            if (kind.equals(ReferenceLayout.CHOSEN)) {
                append(line, ReferenceKeys.ARGMAX, kind, ReferenceMeasure.ARGMAX);
                append(line, ReferenceKeys.REST, kind, ReferenceMeasure.REST);
                append(line, ReferenceKeys.GAP, kind, ReferenceMeasure.GAP);
                append(line, ReferenceKeys.ENERGY, kind, ReferenceMeasure.ENERGY);
            }
        }
        return line.append("}\n").toString();
    }

    private void append(StringBuilder line, String key, String kind, ReferenceMeasure measure) {
        double[] row = page[SLOTS.indexOf(new ReferenceSlot(kind, measure))];
        line.append(line.length() > 1 ? ", " : "")
                .append(JsonText.string(key))
                .append(": ")
                .append(Arrays.stream(row).reduce(0, Double::sum) / row.length);
    }

    @Override
    public void close() throws IOException {
        try (metrics) {
            array.close();
        }
    }
}
