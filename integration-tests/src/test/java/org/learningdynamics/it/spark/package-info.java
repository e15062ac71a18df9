/**
 * Sweeps, probing and training as tasks of Spark: on threads of the test's process, and on a
 * standalone cluster of processes that are killed.
 */
package org.learningdynamics.it.spark;
