/**
 * The demo's closed world: facts about invented birds, towns, rivers, trees, ships, stones, dishes
 * and feasts, the texts made from them, and an oracle that judges answers. Start with {@link
 * org.learningdynamics.samples.facts.FactData}.
 */
@NullMarked
package org.learningdynamics.samples.facts;

import org.jspecify.annotations.NullMarked;
