/**
 * The squeezing effect in the linear softmax model: five toy cases and their pictures. Start with
 * {@link org.learningdynamics.samples.squeezing.ToyCase}.
 */
@NullMarked
package org.learningdynamics.samples.squeezing;

import org.jspecify.annotations.NullMarked;
