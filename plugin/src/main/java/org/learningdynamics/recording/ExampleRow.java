package org.learningdynamics.recording;

/**
 * A training example.
 *
 * @param example id, unique in the file
 * @param digest SHA-256 of its content, hexadecimal
 * @param prompt the prompt's text
 */
public record ExampleRow(long example, String digest, String prompt) implements Measurement {}
