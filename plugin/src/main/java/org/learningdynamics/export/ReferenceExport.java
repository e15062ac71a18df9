package org.learningdynamics.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;

/**
 * The reference's files from a run that watches all twelve kinds of every probe: the array of 28
 * rows with the log-probability first, the means, and the likeliest tokens of {@code chosen} if
 * tokens were recorded. The rows without a kind are those of {@code chosen}. {@code A_o} is the
 * exact norm, where the reference has that of the mean distribution.
 */
final class ReferenceExport {
    static final String ARRAY = "logp_npy_all_chosen.npy";
    static final String METRICS = "prob_train_metrics.json";
    static final String TOKENS = "argmax_token_all_chosen.jsonl";

    private ReferenceExport() {}

    static void write(RunFileReader run, Path folder) throws IOException {
        List<Integer> probes = requireKinds(run);
        boolean tokens = run.counts().tokens() > 0;
        try (ReferenceRecordings likelihoods =
                        new ReferenceRecordings(
                                folder.resolve(ARRAY), folder.resolve(METRICS), probes);
                ReferenceTokens argmax =
                        new ReferenceTokens(folder.resolve(TOKENS), probes, tokens)) {
            List<RunTable> tables =
                    tokens
                            ? List.of(RunTable.LIKELIHOOD, RunTable.TOKEN)
                            : List.of(RunTable.LIKELIHOOD);
            run.forEachRow(
                    tables,
                    (table, row) -> {
                        try {
                            if (table == RunTable.LIKELIHOOD) {
                                likelihoods.row(row);
                            } else {
                                argmax.row(row);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            likelihoods.finish();
            argmax.finish();
        }
    }

    /** The ids of the probes, ascending, all of which have all kinds. */
    private static List<Integer> requireKinds(RunFileReader run) {
        List<Integer> probes = new ArrayList<>();
        List<ResponseRow> responses = run.responses();
        for (ProbeRow probe : run.probes()) {
            Set<String> missing = new TreeSet<>(ReferenceLayout.KINDS);
            responses.stream()
                    .filter(row -> row.probe() == probe.probe())
                    .forEach(row -> missing.remove(row.kind()));
            if (!missing.isEmpty()) {
                throw new ExchangeException(
                        run.path()
                                + ": every probe must have the reference's twelve response kinds,"
                                + " got probe "
                                + probe.probe()
                                + " without "
                                + missing);
            }
            probes.add(probe.probe());
        }
        if (probes.isEmpty()) {
            throw new ExchangeException(run.path() + ": run must have probes, got none");
        }
        return probes;
    }

    static int probe(List<Cell> row) {
        return (int) ((Cell.Whole) row.get(1)).value();
    }

    static long step(List<Cell> row) {
        return ((Cell.Whole) row.get(0)).value();
    }

    static String kind(List<Cell> row) {
        return ((Cell.Text) row.get(2)).value();
    }
}
