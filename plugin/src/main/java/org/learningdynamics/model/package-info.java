/**
 * One view over MultiLayerNetwork, ComputationGraph and SameDiff: a private shadow and its logits.
 * May import measure only.
 */
@NullMarked
package org.learningdynamics.model;

import org.jspecify.annotations.NullMarked;
