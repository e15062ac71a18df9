/**
 * Alignment losses with their residual coefficients and SameDiff definitions. May import measure
 * only.
 */
@NullMarked
package org.learningdynamics.loss;

import org.jspecify.annotations.NullMarked;
