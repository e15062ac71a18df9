package org.learningdynamics.train;

/**
 * The projected gradient of a part of an example's loss.
 *
 * @param example the example's id
 * @param part which of its responses: {@code response}, or {@code chosen} and {@code rejected}
 * @param square squared norm of the whole example's projected gradient, the sum of its parts
 * @param notFinite a few parameters with respect to which gradients of the block are NaN or
 *     infinite, empty if none is
 * @param vector the projection // [k]
 */
public record ProjectedExample(
        long example, String part, double square, String notFinite, double[] vector) {}
