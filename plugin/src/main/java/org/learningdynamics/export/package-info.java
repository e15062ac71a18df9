/**
 * Run files as files of other tools and back: CSV, JSON Lines, NumPy arrays, and the files of the
 * paper's reference code. Entry types are {@link org.learningdynamics.export.RunExport} and {@link
 * org.learningdynamics.export.RunImport}. May import recording.
 */
@NullMarked
package org.learningdynamics.export;

import org.jspecify.annotations.NullMarked;
