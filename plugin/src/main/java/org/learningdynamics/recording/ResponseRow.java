package org.learningdynamics.recording;

/**
 * A response of a probe.
 *
 * @param probe the probe's id
 * @param kind the response kind
 * @param text the response's text, or the class name
 * @param tokens number of response tokens, 1 for a classifier
 */
public record ResponseRow(int probe, String kind, String text, int tokens) {}
