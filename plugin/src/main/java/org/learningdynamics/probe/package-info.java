/**
 * Probes: prompts with named responses whose likelihoods are watched while a model trains. May
 * import data only.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.probe;

import org.jspecify.annotations.NullMarked;
