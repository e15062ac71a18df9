/** Recordings drawn as one self-contained HTML page. May import recording and series. */
@NullMarked
package org.learningdynamics.report;

import org.jspecify.annotations.NullMarked;
