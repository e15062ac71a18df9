/**
 * The losses in Deeplearning4j networks: loss functions for its own output layers, and output
 * layers that take any loss of {@code loss}. Entry types {@link
 * org.learningdynamics.loss.dl4j.ResponseOutputLayer} and {@link
 * org.learningdynamics.loss.dl4j.ResponseBatch}. May import loss and measure only.
 */
@NullMarked
package org.learningdynamics.loss.dl4j;

import org.jspecify.annotations.NullMarked;
