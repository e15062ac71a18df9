/**
 * Learning dynamics of Deeplearning4j and SameDiff models: start with {@code
 * org.learningdynamics.listener}.
 */
@NullMarked
package org.learningdynamics;

import org.jspecify.annotations.NullMarked;
