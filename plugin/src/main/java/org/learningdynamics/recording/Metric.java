package org.learningdynamics.recording;

/**
 * One scalar of one training iteration, such as {@code rewards/margins}.
 *
 * @param iteration the host's iteration counter
 * @param name the metric's name
 * @param value its value; NaN is stored as NULL with an event
 */
public record Metric(long iteration, String name, double value) implements Measurement {}
