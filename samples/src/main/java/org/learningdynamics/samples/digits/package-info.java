/**
 * Handwritten digits: images rendered from stroke descriptions, and MNIST's files. Start with
 * {@link org.learningdynamics.samples.digits.RenderedDigits}.
 */
@NullMarked
package org.learningdynamics.samples.digits;

import org.jspecify.annotations.NullMarked;
