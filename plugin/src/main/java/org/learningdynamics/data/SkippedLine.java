package org.learningdynamics.data;

/**
 * A line that was left out.
 *
 * @param line line number in the file, from 1
 * @param reason what is wrong with it
 */
public record SkippedLine(long line, String reason) {}
