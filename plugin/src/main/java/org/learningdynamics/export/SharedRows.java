package org.learningdynamics.export;

/**
 * Whose the rows without a kind are in files of the reference (argmax, rest, gap, energy). Its
 * older writer went over all kinds and kept those of the last one, {@code random_nonhum}, under the
 * first one's place.
 */
public enum SharedRows {
    /** As the layout tells: {@code random_nonhum} where the log-probability comes first. */
    BY_LAYOUT,
    /** Those of {@code chosen}, as in the files of {@link ExportFormat#REFERENCE}. */
    OF_CHOSEN
}
