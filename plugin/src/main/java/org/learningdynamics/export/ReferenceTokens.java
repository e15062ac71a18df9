package org.learningdynamics.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.Cell;

/**
 * The likeliest tokens of {@code chosen}: a line a recording, an array of one array of token ids a
 * probe, in the order of the array file.
 */
final class ReferenceTokens implements Closeable {
    private static final int ARGMAX = 5;

    private final Map<Integer, List<Long>> tokens = new TreeMap<>();
    private final Writer out;
    private long step = -1;

    ReferenceTokens(Path file, List<Integer> probes, boolean recorded) throws IOException {
        probes.forEach(probe -> tokens.put(probe, new ArrayList<>()));
        out =
                recorded
                        ? Files.newBufferedWriter(file, StandardCharsets.UTF_8)
                        : Writer.nullWriter();
    }

    void row(List<Cell> row) throws IOException {
        if (ReferenceExport.step(row) != step) {
            finish();
            step = ReferenceExport.step(row);
        }
        List<Long> ofProbe = tokens.get(ReferenceExport.probe(row));
        if (ofProbe != null && ReferenceExport.kind(row).equals(ReferenceLayout.CHOSEN)) {
            ofProbe.add(((Cell.Whole) row.get(ARGMAX)).value());
        }
    }

    /** Writes the recording that was gathered, if there is one. */
    void finish() throws IOException {
        if (step >= 0) {
            out.write(tokens.values() + "\n");
            tokens.values().forEach(List::clear);
            step = -1;
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
