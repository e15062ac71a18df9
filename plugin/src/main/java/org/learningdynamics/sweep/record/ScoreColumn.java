package org.learningdynamics.sweep.record;

/**
 * One score that every candidate of a sweep gets.
 *
 * @param name its name, such as {@code oracle_win_rate}
 * @param goal which values are better
 * @param unit its unit, empty for a pure number
 */
public record ScoreColumn(String name, Goal goal, String unit) {}
