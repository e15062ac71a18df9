package org.learningdynamics.data;

/**
 * An encoded example with one response to learn.
 *
 * @param example the example's id
 * @param encoded prompt and response tokens
 */
public record SupervisedRow(long example, EncodedResponse encoded) {}
