package org.learningdynamics.lm.template;

import java.util.List;
import java.util.Map;

/** What can be called with values. */
interface Callable {
    Object call(List<Object> arguments, Map<String, Object> named);
}
