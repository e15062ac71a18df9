package org.learningdynamics.lm.template;

import java.util.Map;

/**
 * An object whose attributes a template may set from inner scopes.
 *
 * @param attributes values by name, mutable
 */
record Namespace(Map<String, Object> attributes) {}
