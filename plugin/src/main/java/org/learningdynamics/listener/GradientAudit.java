package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.learningdynamics.model.AuditFinding;
import org.learningdynamics.model.AuditSeverity;
import org.learningdynamics.model.GraphAudit;
import org.learningdynamics.recording.Severity;
import org.nd4j.autodiff.samediff.SameDiff;
import org.slf4j.Logger;

/** Reports an audit's errors and warnings once, in the log and in the recording. */
final class GradientAudit {
    /** Code of the events. */
    static final String EVENT = "gradient_audit";

    private final SameDiff model;
    private final Logger logger;
    private boolean due;

    GradientAudit(SameDiff model, AuditMode mode, Logger logger) {
        this.model = model;
        this.logger = logger;
        due = mode != AuditMode.OFF;
        if (mode == AuditMode.THROW) {
            GraphAudit.of(model).requireNoErrors();
        }
    }

    /** Called when training begins; all calls but the first do nothing. */
    void report(RecordingSession session) {
        if (!due) {
            return;
        }
        due = false;
        GraphAudit audit = GraphAudit.of(model);
        List<AuditFinding> findings = new ArrayList<>(audit.findings(AuditSeverity.ERROR));
        findings.addAll(audit.findings(AuditSeverity.WARNING));
        if (!findings.isEmpty()) {
            logger.warn(
                    "Gradients of the graph are not to be relied on:\n{}",
                    findings.stream()
                            .map(finding -> finding.severity() + "  " + finding.sentence())
                            .collect(Collectors.joining("\n")));
        }
        findings.forEach(finding -> session.event(severity(finding), EVENT, finding.sentence()));
    }

    private static Severity severity(AuditFinding finding) {
        return finding.severity() == AuditSeverity.ERROR ? Severity.ERROR : Severity.WARNING;
    }
}
