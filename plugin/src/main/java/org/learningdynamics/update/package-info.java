/**
 * What a host's optimiser made of one batch's gradient: the update of each parameter split into
 * this batch's part, the optimiser's memory and weight decay. May import influence only.
 */
@NullMarked
package org.learningdynamics.update;

import org.jspecify.annotations.NullMarked;
