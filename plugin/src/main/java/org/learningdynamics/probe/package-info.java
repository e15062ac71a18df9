/**
 * Probes: prompts with named responses whose likelihoods are watched while a model trains. May
 * import data only.
 */
@NullMarked
package org.learningdynamics.probe;

import org.jspecify.annotations.NullMarked;
