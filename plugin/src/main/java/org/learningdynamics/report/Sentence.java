package org.learningdynamics.report;

/**
 * A sentence of the first screen.
 *
 * @param text the sentence, computed from the recordings
 * @param anchor id of the section that shows it
 */
record Sentence(String text, String anchor) {
    void write(Json json) {
        json.object().key("text").value(text).key("anchor").value(anchor).endObject();
    }
}
