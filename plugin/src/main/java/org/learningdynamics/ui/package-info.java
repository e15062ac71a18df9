/**
 * Live reports as pages of Deeplearning4j's training UI: attach runs with {@link
 * org.learningdynamics.ui.DynamicsUi}; the UI finds {@link
 * org.learningdynamics.ui.DynamicsUIModule} by itself. May import report, recording and series, and
 * is alone in seeing the optional dependency deeplearning4j-ui.
 */
@NullMarked
package org.learningdynamics.ui;

import org.jspecify.annotations.NullMarked;
