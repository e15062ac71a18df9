package org.learningdynamics.listener;

/**
 * What a host says of one parameter update. Values it does not offer are NaN.
 *
 * @param epoch the host's epoch
 * @param loss loss of the update's batch (nats)
 * @param learningRate its rate
 * @param gradNorm global L2 norm of its raw gradient
 */
record Update(int epoch, double loss, double learningRate, double gradNorm) {}
