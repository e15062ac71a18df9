/**
 * The file of a sweep: which candidates were drawn and what became of each; entry types {@link
 * org.learningdynamics.sweep.record.SweepFile} and {@link
 * org.learningdynamics.sweep.record.SweepWriter}.
 *
 * <p>May import nothing of the library but recording; sees no Arbiter and no ND4J, so that a sweep
 * can be drawn wherever its files are.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.sweep.record;

import org.jspecify.annotations.NullMarked;
