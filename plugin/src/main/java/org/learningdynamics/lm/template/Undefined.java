package org.learningdynamics.lm.template;

/**
 * A name without value: renders as nothing, is false, and refuses every other use.
 *
 * @param name what is not defined
 */
record Undefined(String name) {
    TemplateException refusal() {
        return new TemplateException(name + " is undefined");
    }
}
