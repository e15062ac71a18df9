/**
 * Training in stages, from pre-training to preference tuning; entry type TrainingRun.
 *
 * <p>May import lm, data, loss, probe, listener and recording.
 */
@NullMarked
package org.learningdynamics.train;

import org.jspecify.annotations.NullMarked;
