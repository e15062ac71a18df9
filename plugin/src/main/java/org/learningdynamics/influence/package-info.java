/**
 * Gradients of many rows at once, kept in factored form, and all their inner products. Imports no
 * other package of the project.
 */
@NullMarked
package org.learningdynamics.influence;

import org.jspecify.annotations.NullMarked;
