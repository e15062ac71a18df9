package org.learningdynamics.samples.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.AttributedExample;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionOrder;

/** Helpers and harmers with their prompts, as text or comma-separated values. */
final class InfluenceTable {
    private static final int EXCERPT = 60;

    private final List<AttributedExample> helpers;
    private final List<AttributedExample> harmers;
    private final Map<Long, String> prompts;
    private final AttributionOrder order;

    private InfluenceTable(
            List<AttributedExample> helpers,
            List<AttributedExample> harmers,
            Map<Long, String> prompts,
            AttributionOrder order) {
        this.helpers = helpers;
        this.harmers = harmers;
        this.prompts = prompts;
        this.order = order;
    }

    static InfluenceTable of(
            RunFileReader file, Attribution attribution, AttributionOrder order, int top) {
        List<AttributedExample> helpers = attribution.helpers(top, order);
        List<AttributedExample> harmers = attribution.harmers(top, order);
        Set<Long> shown = new HashSet<>();
        helpers.forEach(example -> shown.add(example.example()));
        harmers.forEach(example -> shown.add(example.example()));
        Map<Long, String> prompts = new HashMap<>();
        file.forEachExample(
                row -> {
                    if (shown.contains(row.example())) {
                        prompts.put(row.example(), row.prompt());
                    }
                });
        return new InfluenceTable(helpers, harmers, prompts, order);
    }

    static String unit(InfluenceForm form) {
        return switch (form) {
            case UPDATE -> "nats";
            case DOT -> "inner products of gradients";
            case COSINE -> "cosines of gradients";
        };
    }

    String text() {
        String by = order == AttributionOrder.TOTAL ? "in total" : "an occurrence";
        return section("raised it most, " + by, helpers)
                + section("lowered it most, " + by, harmers);
    }

    private String section(String title, List<AttributedExample> examples) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(title + (examples.isEmpty() ? ": none" : ":"));
        if (!examples.isEmpty()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%4s  %10s  %12s  %11s  %14s  %s",
                            "rank",
                            "example",
                            "total",
                            "occurrences",
                            "per occurrence",
                            "prompt"));
        }
        for (int i = 0; i < examples.size(); i++) {
            AttributedExample example = examples.get(i);
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%4d  %10d  %12.4g  %11d  %14.4g  %s",
                            i + 1,
                            example.example(),
                            example.total(),
                            example.occurrences(),
                            example.perOccurrence(),
                            excerpt(prompt(example))));
        }
        lines.replaceAll(String::stripTrailing);
        return String.join("\n", lines) + "\n";
    }

    String csv() {
        StringBuilder out =
                new StringBuilder(
                        "effect,rank,example,total,occurrences,per_occurrence,self_influence,prompt\n");
        appendCsv(out, "raised", helpers);
        appendCsv(out, "lowered", harmers);
        return out.toString();
    }

    private void appendCsv(StringBuilder out, String effect, List<AttributedExample> examples) {
        for (int i = 0; i < examples.size(); i++) {
            AttributedExample example = examples.get(i);
            out.append(effect + "," + (i + 1) + "," + example.example() + ",")
                    .append(example.total() + "," + example.occurrences() + ",")
                    .append(example.perOccurrence() + "," + example.selfInfluence() + ",")
                    .append("\"" + prompt(example).replace("\"", "\"\"") + "\"\n");
        }
    }

    private String prompt(AttributedExample example) {
        return prompts.getOrDefault(example.example(), "");
    }

    /** The prompt on one line; control characters must not reach a terminal. */
    private static String excerpt(String prompt) {
        String line = prompt.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        int length = line.codePointCount(0, line.length());
        return length <= EXCERPT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, EXCERPT - 1)) + "…";
    }
}
