package org.learningdynamics.samples.demo;

import java.util.List;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.probe.ProbeSet;

/**
 * What the demo learns from and watches.
 *
 * @param texts pre-training texts
 * @param pairs preferences to train on
 * @param heldOut preferences that no stage sees
 * @param probes what is watched
 * @param judge compares answers
 */
public record DemoData(
        List<String> texts,
        List<PreferenceExample> pairs,
        List<PreferenceExample> heldOut,
        ProbeSet probes,
        Judge judge) {
    /** Copies the lists. */
    public DemoData {
        texts = List.copyOf(texts);
        pairs = List.copyOf(pairs);
        heldOut = List.copyOf(heldOut);
    }

    /** Judges generated answers. */
    @FunctionalInterface
    public interface Judge {
        /**
         * Compares two answers to one question.
         *
         * @param prompt the question
         * @param one an answer
         * @param other another answer
         * @return positive if the first is better, negative if the other is, 0 for a tie
         */
        int compare(String prompt, String one, String other);
    }
}
