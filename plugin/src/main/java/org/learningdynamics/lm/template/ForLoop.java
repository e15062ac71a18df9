package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One for block.
 *
 * @param names variables of an element; several take a list apart
 * @param values what to go through
 * @param wanted which elements, all if empty
 * @param body rendered for every element
 * @param otherwise rendered if there is none
 */
record ForLoop(
        List<String> names,
        Expression values,
        Optional<Expression> wanted,
        List<Statement> body,
        List<Statement> otherwise)
        implements Statement {
    @Override
    public Flow render(Scope scope, Output output) {
        List<Object> elements = elements(scope);
        LoopState loop = new LoopState(elements);
        for (int i = 0; i < elements.size(); i++) {
            scope.budget().step();
            Scope inner = scope.inner();
            loop.at(i);
            inner.set("loop", loop);
            assign(names, elements.get(i), inner);
            if (Statement.renderAll(body, inner, output) == Flow.BREAK) {
                break;
            }
        }
        return elements.isEmpty()
                ? Statement.renderAll(otherwise, scope.inner(), output)
                : Flow.NEXT;
    }

    private List<Object> elements(Scope scope) {
        Object value = values.evaluate(scope);
        if (value instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        scope.budget().read(value);
        List<Object> all = Values.iterate(value);
        if (wanted.isEmpty()) {
            return all;
        }
        List<Object> kept = new ArrayList<>();
        for (Object element : all) {
            Scope inner = scope.inner();
            assign(names, element, inner);
            if (Values.isTrue(wanted.get().evaluate(inner))) {
                kept.add(element);
            }
        }
        return kept;
    }

    static void assign(List<String> names, Object value, Scope scope) {
        if (names.size() == 1) {
            scope.set(names.get(0), value);
            return;
        }
        List<Object> parts = Values.iterate(value);
        if (parts.size() != names.size()) {
            throw new TemplateException(
                    names.size() + " names cannot take " + parts.size() + " values");
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }
}
