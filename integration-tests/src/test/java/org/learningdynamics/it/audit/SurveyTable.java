package org.learningdynamics.it.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.model.GradientVerdict;
import org.learningdynamics.model.GraphCondition;
import org.learningdynamics.model.SurveyedGradient;

/** Sums up outcomes by op and condition. */
final class SurveyTable {
    /** A configuration with what it came to. */
    private record Measured(SurveyRun run, Outcome outcome) {
        double comparableError() {
            return Double.isNaN(outcome.error()) ? -1 : outcome.error();
        }
    }

    /** An op under a condition. */
    private record Key(String op, GraphCondition condition) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing((Key key) -> key.op)
                    .thenComparing(Key::condition)
                    .compare(this, other);
        }
    }

    private final Map<Key, List<Measured>> groups = new TreeMap<>();
    private final Map<String, String> opOfCall = new HashMap<>();

    SurveyTable(List<SurveyRun> runs, List<Outcome> outcomes) {
        for (int i = 0; i < runs.size(); i++) {
            if (!outcomes.get(i).ops().isEmpty()) {
                opOfCall.putIfAbsent(
                        runs.get(i).gradientCase().call(), subject(runs.get(i), outcomes.get(i)));
            }
        }
        for (int i = 0; i < runs.size(); i++) {
            if (outcomes.get(i).usable()) {
                add(new Measured(runs.get(i), outcomes.get(i)));
            }
        }
    }

    private void add(Measured measured) {
        Key key =
                new Key(
                        subject(measured.run(), measured.outcome()),
                        GraphCondition.valueOf(measured.run().gradientCase().condition()));
        groups.computeIfAbsent(key, ignored -> new ArrayList<>()).add(measured);
    }

    private String subject(SurveyRun run, Outcome outcome) {
        String given = run.gradientCase().subject();
        if (!given.isEmpty()) {
            return given;
        }
        List<String> ops = outcome.ops();
        String call = run.gradientCase().call();
        String op = ops.isEmpty() ? opOfCall.get(call) : ops.get(ops.size() - 1);
        if (op == null) {
            throw new IllegalStateException(call + ": name the op, its process ended first");
        }
        return op;
    }

    /** A row for every op, and further rows for conditions under which it is worse. */
    List<SurveyedGradient> rows() {
        List<SurveyedGradient> rows = new ArrayList<>();
        groups.forEach(
                (key, measured) -> {
                    SurveyedGradient row = row(key, measured);
                    if (key.condition() == GraphCondition.ALWAYS
                            || row.verdict().compareTo(always(key.op())) > 0) {
                        rows.add(row);
                    }
                });
        return rows;
    }

    private GradientVerdict always(String op) {
        List<Measured> measured = groups.get(new Key(op, GraphCondition.ALWAYS));
        return measured == null ? GradientVerdict.EXACT : worst(measured).outcome().verdict();
    }

    private static SurveyedGradient row(Key key, List<Measured> measured) {
        Measured worst = worst(measured);
        double error = measured.stream().mapToDouble(Measured::comparableError).max().getAsDouble();
        GradientVerdict verdict = worst.outcome().verdict();
        return new SurveyedGradient(
                key.op(),
                key.condition(),
                verdict,
                error < 0 ? Double.NaN : error,
                measured.size(),
                example(worst),
                Remedies.of(key.op(), key.condition(), verdict));
    }

    private static Measured worst(List<Measured> measured) {
        return measured.stream()
                .max(
                        Comparator.comparing((Measured m) -> m.outcome().verdict())
                                .thenComparing(Measured::comparableError))
                .orElseThrow();
    }

    private static String example(Measured measured) {
        GradientCase gradientCase = measured.run().gradientCase();
        return gradientCase.call() + ", " + gradientCase.configuration();
    }
}
