package org.learningdynamics.samples.demo;

import java.util.List;

/**
 * Whether one claim of the paper holds on a set of recordings.
 *
 * @param letter the claim's letter, a to e
 * @param claim the claim in words
 * @param holds whether every part of it was seen
 * @param evidence one line a part, with numbers and 95 % intervals
 */
public record Verdict(char letter, String claim, boolean holds, List<String> evidence) {
    /** Copies the lines. */
    public Verdict {
        evidence = List.copyOf(evidence);
    }

    @Override
    public String toString() {
        String head = "(" + letter + ") " + (holds ? "holds" : "does not hold") + ": " + claim;
        return head + evidence.stream().map(line -> "\n      " + line).reduce("", String::concat);
    }
}
