package org.learningdynamics.lm.template;

import java.util.List;

/** What renders itself into the output. */
@FunctionalInterface
interface Statement {
    /** How rendering goes on behind a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow render(Scope scope, Output output);

    /** Renders statements until one of them leaves the loop they are in. */
    static Flow renderAll(List<Statement> statements, Scope scope, Output output) {
        for (Statement statement : statements) {
            scope.budget().step();
            Flow flow = statement.render(scope, output);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }
}
