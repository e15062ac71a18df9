/**
 * What is derived from a recording: smoothed series, squeezing share, alarms. May import recording
 * only.
 */
@NullMarked
package org.learningdynamics.series;

import org.jspecify.annotations.NullMarked;
