/**
 * Pure numerics on arrays: likelihood measures and residual coefficients. Imports no other package
 * of the project.
 */
@NullMarked
package org.learningdynamics.measure;

import org.jspecify.annotations.NullMarked;
