package org.learningdynamics.model;

import java.util.List;
import java.util.stream.Collectors;

/** Says which ops of a graph have gradients that are wrong or missing. */
public final class GraphAuditException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    GraphAuditException(List<AuditFinding> errors) {
        super(
                "the gradients of "
                        + errors.size()
                        + (errors.size() == 1 ? " op" : " ops")
                        + " of the graph are wrong or missing: "
                        + errors.stream()
                                .map(AuditFinding::sentence)
                                .collect(Collectors.joining("; ")));
    }
}
