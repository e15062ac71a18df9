/**
 * Data-parallel training of Deeplearning4j networks with dl4j-spark, recorded on every worker and,
 * after every averaging, on the driver. Start with {@link
 * org.learningdynamics.spark.dl4j.SparkDynamics}. May import {@code listener} and {@code
 * recording}, and is alone in seeing dl4j-spark.
 */
@NullMarked
package org.learningdynamics.spark.dl4j;

import org.jspecify.annotations.NullMarked;
