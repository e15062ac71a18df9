package org.learningdynamics.train;

/**
 * Inner products of the gradients of a block's rows. Float64.
 *
 * @param withProbes with those of probe rows // [probe rows][rows]
 * @param probeSquares squared norms of the probe rows' gradients // [probe rows]
 * @param gram among the block's rows // [rows][rows]
 */
record BlockProducts(double[][] withProbes, double[] probeSquares, double[][] gram) {}
