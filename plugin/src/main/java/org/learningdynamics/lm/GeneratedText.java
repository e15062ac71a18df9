package org.learningdynamics.lm;

/**
 * An answer as text.
 *
 * @param text without the text or token that ended it
 * @param tokens number of tokens that were generated, without an end token
 * @param finish why it ended
 */
public record GeneratedText(String text, int tokens, Finish finish) {}
