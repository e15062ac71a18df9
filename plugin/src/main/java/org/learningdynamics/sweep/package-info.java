/**
 * Hyper-parameter sweeps with Arbiter: spaces, searches, candidates that are trained and recorded,
 * scores from their recordings; entry types {@link org.learningdynamics.sweep.SweepConfig} and
 * {@link org.learningdynamics.sweep.Sweep}.
 *
 * <p>Needs the optional dependency arbiter-deeplearning4j, which this package alone sees. May
 * import train, listener, lm, loss, data, probe, recording, series and sweep.record.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.sweep;

import org.jspecify.annotations.NullMarked;
