package org.learningdynamics.measure;

/**
 * Marks a loss function of a host whose layer's pre-activations are the logits of a softmax,
 * whatever the layer's activation function: with softmax the layer gives probabilities, with the
 * identity it gives the logits themselves.
 */
public interface SoftmaxLogits {}
