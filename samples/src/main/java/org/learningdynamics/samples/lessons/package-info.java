/** Numbered lessons, each with a {@code main}; README shows parts of them. */
@NullMarked
package org.learningdynamics.samples.lessons;

import org.jspecify.annotations.NullMarked;
