package org.learningdynamics.mlflow;

/**
 * What became of the values that were to be sent.
 *
 * @param sent values and tags that the server took
 * @param lost values and tags that were dropped because the queue was full or the server failed
 * @param queued values and tags that wait
 */
public record MlflowStats(long sent, long lost, long queued) {}
