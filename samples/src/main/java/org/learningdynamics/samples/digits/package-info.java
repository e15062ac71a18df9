/**
 * Handwritten digits and the classifiers that learn them: images rendered from stroke descriptions,
 * MNIST's files, LeNet and a multilayer perceptron, and what their training does. Start with {@link
 * org.learningdynamics.samples.digits.DigitsDemo}.
 */
@NullMarked
package org.learningdynamics.samples.digits;

import org.jspecify.annotations.NullMarked;
