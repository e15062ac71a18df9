/** Programs whose figures are in docs/evidence.md. */
package org.learningdynamics.it.evidence;
