package org.learningdynamics.report;

import java.util.Set;

/**
 * One sentence of the first screen.
 *
 * @param tone how it is meant
 * @param subject the run or runs it is about, empty for all
 * @param text the sentence, computed from the recordings
 * @param advice what to try, empty if nothing is wrong
 * @param anchor id of the chart that shows it
 */
record Finding(Tone tone, String subject, String text, String advice, String anchor) {
    /** How a sentence is meant. */
    enum Tone {
        /** Something is broken. */
        ERROR,
        /** Something to look at. */
        WARNING,
        /** All is well. */
        GOOD,
        /** Worth knowing. */
        INFO
    }

    static Finding info(String subject, String text, String anchor) {
        return new Finding(Tone.INFO, subject, text, "", anchor);
    }

    /** This finding, without its advice if that was given before. */
    Finding advisingOnce(Set<String> given) {
        return given.add(advice) ? this : new Finding(tone, subject, text, "", anchor);
    }

    void write(Json json) {
        json.object().key("tone").value(Keys.of(tone)).key("subject").value(subject);
        json.key("text").value(text);
        json.key("advice").value(advice).key("anchor").value(anchor).endObject();
    }
}
