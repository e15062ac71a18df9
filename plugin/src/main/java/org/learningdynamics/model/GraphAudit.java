package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Names the ops of a SameDiff graph whose gradients are wrong or missing in version 1.0.0-M2.1,
 * with the remedy for each.
 *
 * <p>Only ops that a gradient goes through count: those between a trained variable and a loss
 * variable; in a graph without loss variables, all that depend on a trained variable. What is known
 * of an op was measured ({@link SurveyedGradient}); ops nobody measured are named as such. Where
 * shapes that are open until run time decide, wrong gradients are a warning, and exceptions are
 * left to tell of themselves. An op that {@link GradientRepairs} repaired is fine. The graph is
 * read, never run and never changed. Cost: linear in the number of ops, some milliseconds for a
 * language model.
 */
public final class GraphAudit {
    private static final Comparator<AuditFinding> WORST_LAST =
            Comparator.comparing(AuditFinding::severity).thenComparing(AuditFinding::verdict);
    private static final String UNSURVEYED_REMEDY =
            "Compare it with central differences in float64 before training.";
    private static final Map<String, List<SurveyedGradient>> SURVEY =
            SurveyedGradient.all().stream().collect(Collectors.groupingBy(SurveyedGradient::op));

    private final List<AuditFinding> findings;
    private final int ops;

    private GraphAudit(List<AuditFinding> findings, int ops) {
        this.findings = List.copyOf(findings);
        this.ops = ops;
    }

    /**
     * Looks through a graph.
     *
     * @param graph the graph, as it will be trained
     * @return what was found; at most one finding an op, its worst
     */
    public static GraphAudit of(SameDiff graph) {
        GradientPath path = new GradientPath(graph);
        ConditionCheck check = new ConditionCheck(path, new KnownShapes(graph));
        List<AuditFinding> findings = new ArrayList<>();
        for (SameDiffOp op : path.ops()) {
            if (!GradientRepairs.isRepaired(graph, op)) {
                worst(op, check).ifPresent(findings::add);
            }
        }
        findings.sort(WORST_LAST.reversed());
        return new GraphAudit(findings, path.ops().size());
    }

    private static Optional<AuditFinding> worst(SameDiffOp op, ConditionCheck check) {
        List<SurveyedGradient> rows = SURVEY.getOrDefault(op.getOp().opName(), List.of());
        if (rows.isEmpty()) {
            return Optional.of(unsurveyed(op));
        }
        return rows.stream()
                .filter(row -> row.verdict() != GradientVerdict.EXACT)
                .flatMap(row -> finding(op, row, check).stream())
                .max(WORST_LAST);
    }

    private static Optional<AuditFinding> finding(
            SameDiffOp op, SurveyedGradient row, ConditionCheck check) {
        ConditionCheck.Answer answer = check.holds(row.condition(), op);
        boolean certain = answer == ConditionCheck.Answer.YES;
        boolean tellsItself = !certain && row.verdict() == GradientVerdict.THROWS;
        if (answer == ConditionCheck.Answer.NO || tellsItself) {
            return Optional.empty();
        }
        return Optional.of(
                new AuditFinding(
                        op.getName(),
                        row.op(),
                        GradientPath.inputs(op),
                        row.verdict(),
                        AuditSeverity.of(row.verdict(), certain),
                        row.condition(),
                        certain,
                        row.remedy()));
    }

    private static AuditFinding unsurveyed(SameDiffOp op) {
        return new AuditFinding(
                op.getName(),
                op.getOp().opName(),
                GradientPath.inputs(op),
                GradientVerdict.UNSURVEYED,
                AuditSeverity.WARNING,
                GraphCondition.ALWAYS,
                true,
                UNSURVEYED_REMEDY);
    }

    /**
     * Everything that was found.
     *
     * @return findings, the worst first; empty if every gradient was measured to be right
     */
    public List<AuditFinding> findings() {
        return findings;
    }

    /**
     * The findings of one severity.
     *
     * @param severity the severity
     * @return those findings
     */
    public List<AuditFinding> findings(AuditSeverity severity) {
        return findings.stream().filter(f -> f.severity() == severity).toList();
    }

    /**
     * How many ops were looked at.
     *
     * @return number of ops that a gradient goes through
     */
    public int auditedOps() {
        return ops;
    }

    /**
     * The findings for people.
     *
     * @return a line a finding, severity first, and a line with counts; lines end with a line feed
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (AuditFinding finding : findings) {
            text.append(finding.severity()).append("  ").append(finding.sentence()).append('\n');
        }
        return text.append(ops)
                .append(ops == 1 ? " op" : " ops")
                .append(" on the way of gradients: ")
                .append(count(AuditSeverity.ERROR, "error"))
                .append(", ")
                .append(count(AuditSeverity.WARNING, "warning"))
                .append(", ")
                .append(count(AuditSeverity.NOTE, "note"))
                .append('\n')
                .toString();
    }

    private String count(AuditSeverity severity, String noun) {
        int count = findings(severity).size();
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /**
     * Goes on only if no gradient is known to be wrong or missing.
     *
     * @return this audit
     * @throws GraphAuditException if there are findings of severity {@link AuditSeverity#ERROR}; it
     *     names them all
     */
    public GraphAudit requireNoErrors() {
        List<AuditFinding> errors = findings(AuditSeverity.ERROR);
        if (!errors.isEmpty()) {
            throw new GraphAuditException(errors);
        }
        return this;
    }
}
