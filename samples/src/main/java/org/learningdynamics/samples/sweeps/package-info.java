/**
 * What a sweep's section {@code data} means: preference files, or the bundled facts with their
 * oracle; and the sample that asks which recipe answers best without squeezing.
 */
@NullMarked
package org.learningdynamics.samples.sweeps;

import org.jspecify.annotations.NullMarked;
