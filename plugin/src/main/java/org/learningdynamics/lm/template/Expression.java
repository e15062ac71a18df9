package org.learningdynamics.lm.template;

/** What has a value in a scope. */
@FunctionalInterface
interface Expression {
    Object value(Scope scope);

    /** The value, counted as one evaluation. */
    default Object evaluate(Scope scope) {
        scope.budget().step();
        return value(scope);
    }
}
