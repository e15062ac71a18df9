/**
 * What a run leaves behind: immutable measurements, the recorder that writes them, the run file and
 * its reader. Imports no other package of the project.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.recording;

import org.jspecify.annotations.NullMarked;
