package org.learningdynamics.data;

/**
 * An encoded response with its verdict.
 *
 * @param example the example's id
 * @param encoded prompt and response tokens
 * @param label whether the response is desirable
 */
public record UnpairedRow(long example, EncodedResponse encoded, boolean label) {}
