package org.learningdynamics.lm.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A block that is rendered where it is called.
 *
 * @param name its name
 * @param parameters its parameters with their defaults
 * @param body what it renders
 */
record Macro(String name, Map<String, Optional<Expression>> parameters, List<Statement> body)
        implements Statement {
    @Override
    public Flow render(Scope scope, Output output) {
        scope.set(name, (Callable) (values, named) -> call(scope, values, named));
        return Flow.NEXT;
    }

    private Object call(Scope defined, List<Object> values, Map<String, Object> named) {
        Map<String, Object> given = new LinkedHashMap<>(named);
        int position = 0;
        Scope inner = defined.inner();
        for (Map.Entry<String, Optional<Expression>> parameter : parameters.entrySet()) {
            Object value = given.remove(parameter.getKey());
            if (position < values.size()) {
                value = values.get(position);
            } else if (value == null) {
                value =
                        parameter.getValue().isPresent()
                                ? parameter.getValue().get().evaluate(inner)
                                : new Undefined("parameter '" + parameter.getKey() + "'");
            }
            inner.set(parameter.getKey(), value);
            position++;
        }
        if (!given.isEmpty() || values.size() > parameters.size()) {
            throw new TemplateException("the macro " + name + " got arguments it does not take");
        }
        Output output = new Output(defined.budget());
        Statement.renderAll(body, inner, output);
        return output.text();
    }
}
