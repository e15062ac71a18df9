package org.learningdynamics.samples.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.ScoreColumn;
import org.learningdynamics.sweep.record.SweepFile;

/** A sweep's best candidates and its failures, for a terminal. */
final class SweepTable {
    private SweepTable() {}

    static String of(SweepFile sweep, int shown) {
        List<ResultRow> ranked = sweep.ranked();
        Set<Integer> front = new HashSet<>();
        sweep.front().forEach(row -> front.add(row.index()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(sweep));
        ranked.stream()
                .limit(shown)
                .forEach(row -> rows.add(row(sweep, row, front.contains(row.index()))));
        StringBuilder text = new StringBuilder(title(sweep, ranked.size()));
        text.append(lines(rows));
        sweep.results().stream()
                .filter(row -> row.state() == CandidateState.FAILED)
                .limit(shown)
                .forEach(
                        row ->
                                text.append(row.index())
                                        .append(" failed: ")
                                        .append(row.cause())
                                        .append('\n'));
        return text.toString();
    }

    private static String title(SweepFile sweep, int scored) {
        return String.format(
                Locale.ROOT,
                "%s: %d candidates, %d scored; * not dominated%n",
                sweep.header().name(),
                sweep.candidates().size(),
                scored);
    }

    private static List<String> head(SweepFile sweep) {
        List<String> head = new ArrayList<>(List.of("", "state"));
        sweep.header().scores().stream().map(ScoreColumn::name).forEach(head::add);
        head.addAll(sweep.header().parameters());
        return head;
    }

    private static List<String> row(SweepFile sweep, ResultRow result, boolean isOnFront) {
        List<String> row = new ArrayList<>();
        row.add(result.index() + (isOnFront ? "*" : ""));
        row.add(result.state().label());
        sweep.header().scores().forEach(score -> row.add(number(result.score(score.name()))));
        Map<String, Object> values = sweep.parameters(result.index());
        for (String name : sweep.header().parameters()) {
            Object value = values.getOrDefault(name, "");
            row.add(value instanceof Double number ? number(number) : value.toString());
        }
        return row;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String lines(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(
                row -> {
                    for (int c = 0; c < columns; c++) {
                        widths[c] = Math.max(widths[c], row.get(c).length());
                    }
                });
        return rows.stream()
                .map(
                        row -> {
                            StringBuilder line = new StringBuilder();
                            for (int c = 0; c < columns; c++) {
                                line.append(" ".repeat(widths[c] - row.get(c).length()))
                                        .append(row.get(c))
                                        .append("  ");
                            }
                            return line.toString().stripTrailing() + "\n";
                        })
                .collect(Collectors.joining());
    }
}
