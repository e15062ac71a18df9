package org.learningdynamics.recording;

/**
 * A probe as the run file knows it.
 *
 * @param probe id, unique in the file
 * @param digest SHA-256 of the prompt and its responses, hexadecimal
 * @param setName name of the probe set
 * @param prompt the prompt's text, or a description of the features
 */
public record ProbeRow(int probe, String digest, String setName, String prompt) {}
