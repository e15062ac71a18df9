/** Pictures without a library: SVG charts on an HTML page that needs nothing but itself. */
@NullMarked
package org.learningdynamics.samples.pictures;

import org.jspecify.annotations.NullMarked;
