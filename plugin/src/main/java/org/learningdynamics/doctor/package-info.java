/**
 * What this machine, its Java and its class path mean for training: {@link
 * org.learningdynamics.doctor.Doctor} looks, measures and advises. Imports no other package of the
 * plugin; ND4J alone from outside.
 */
@NullMarked
package org.learningdynamics.doctor;

import org.jspecify.annotations.NullMarked;
