/**
 * The same work as tasks of Apache Spark 3.5: candidates of a sweep, likelihoods of large probe
 * files, influence of large training sets, and data-parallel training of Deeplearning4j networks
 * with recordings from every worker. May import what does that work on one machine, and is alone in
 * seeing Spark and dl4j-spark, which the cluster or the user brings.
 */
@NullMarked
package org.learningdynamics.spark;

import org.jspecify.annotations.NullMarked;
