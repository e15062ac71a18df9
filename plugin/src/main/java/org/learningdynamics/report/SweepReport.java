package org.learningdynamics.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.learningdynamics.sweep.record.SweepFile;

/**
 * One self-contained HTML page of a sweep: how scores depend on parameters, the front of candidates
 * that no other dominates, the curves of the best, and a table of all with their failures. Reads
 * the sweep file and the run files of the best candidates; needs neither Arbiter nor ND4J. The same
 * files give the same bytes.
 */
public final class SweepReport {
    private SweepReport() {}

    /**
     * Writes the page.
     *
     * @param sweep the sweep file or its folder; may still be written by a sweep
     * @param out the page, replaced if it exists
     * @throws IOException if the page cannot be written
     * @throws org.learningdynamics.sweep.record.SweepFileException if the sweep cannot be read
     * @throws org.learningdynamics.recording.RunFileException if a run file is damaged
     */
    public static void write(Path sweep, Path out) throws IOException {
        String page = html(SweepFile.read(sweep));
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(out, page, StandardCharsets.UTF_8);
    }

    /**
     * The page as text.
     *
     * @param sweep what the sweep file holds
     * @return HTML
     */
    public static String html(SweepFile sweep) {
        return Page.sweep(SweepSection.data(sweep));
    }
}
