/**
 * Training in stages, from pre-training to preference tuning; entry type TrainingRun.
 *
 * <p>May import lm, model, measure, influence, data, loss, probe, listener, update and recording.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.train;

import org.jspecify.annotations.NullMarked;
