/**
 * One view over MultiLayerNetwork, ComputationGraph and SameDiff: a private shadow and its logits.
 * May import measure and influence only.
 */
@NullMarked
package org.learningdynamics.model;

import org.jspecify.annotations.NullMarked;
