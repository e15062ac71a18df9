package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;

/** How far the recordings can be trusted, in what the runs differ, and what recording cost. */
final class Notes {
    /** From here on predictions are said to tell the order of changes. */
    static final double GOOD_SPEARMAN = 0.9;

    /** Below this they are said not to. */
    static final double BAD_SPEARMAN = 0.5;

    /** How far from 1 the slope of a trusted scale may be. */
    static final double SLOPE_ROOM = 0.2;

    static final int MAX_KEYS = 4;

    private Notes() {}

    static List<Sentence> of(ReportModel model) {
        List<Sentence> notes = new ArrayList<>();
        addTrust(model.trust(), notes);
        addDifferences(model, notes);
        addCost(model, notes);
        return notes;
    }

    /** One sentence for each judgement, with the runs that it is about. */
    private static void addTrust(Map<String, TrustSeries> trust, List<Sentence> notes) {
        Map<String, List<String>> runs = new TreeMap<>();
        trust.forEach(
                (run, series) ->
                        runs.computeIfAbsent(judge(series), judgement -> new ArrayList<>())
                                .add(run + " " + figures(series)));
        runs.forEach(
                (judgement, found) ->
                        notes.add(
                                new Sentence(
                                        judgement
                                                + ", median over recordings: "
                                                + String.join("; ", found)
                                                + ".",
                                        Anchors.INFLUENCE)));
    }

    private static String figures(TrustSeries series) {
        return String.format(
                Locale.ROOT,
                "Spearman %.2f, slope %.2f",
                series.median(Trust::spearman),
                series.median(Trust::slope));
    }

    private static String judge(TrustSeries series) {
        return judge(series.median(Trust::spearman), series.median(Trust::slope));
    }

    static String judge(double spearman, double slope) {
        if (!(spearman >= BAD_SPEARMAN)) {
            return "Do not trust the influences";
        }
        if (spearman < GOOD_SPEARMAN) {
            return "Trust the influences for large differences only";
        }
        return Math.abs(slope - 1) <= SLOPE_ROOM
                ? "The influences can be trusted"
                : "Trust the order of the influences, not their size";
    }

    private static void addDifferences(ReportModel model, List<Sentence> notes) {
        List<String> keys = ProvenanceSection.differingKeys(model.runs());
        if (model.runs().size() < 2) {
            return;
        }
        if (keys.isEmpty()) {
            notes.add(
                    new Sentence(
                            "The runs have the same settings, versions, data and seed.",
                            Anchors.PROVENANCE));
            return;
        }
        String more = keys.size() > MAX_KEYS ? " and " + (keys.size() - MAX_KEYS) + " more" : "";
        String named = String.join(", ", keys.subList(0, Math.min(MAX_KEYS, keys.size())));
        notes.add(new Sentence("The runs differ in " + named + more + ".", Anchors.PROVENANCE));
    }

    private static void addCost(ReportModel model, List<Sentence> notes) {
        List<String> shares =
                model.runs().stream()
                        .filter(run -> Overhead.of(run).share() > 0)
                        .map(Notes::cost)
                        .toList();
        if (!shares.isEmpty()) {
            notes.add(
                    new Sentence(
                            "Recording took of the training time: "
                                    + String.join(", ", shares)
                                    + ".",
                            Anchors.OVERHEAD));
        }
    }

    private static String cost(RecordedRun run) {
        return run.name() + " " + Words.percent(Overhead.of(run).share());
    }
}
