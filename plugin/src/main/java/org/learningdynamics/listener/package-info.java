/**
 * The training listeners; entry types DynamicsListener and SameDiffDynamicsListener. May import
 * model, measure, probe, data, recording and series.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.listener;

import org.jspecify.annotations.NullMarked;
