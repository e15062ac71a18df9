package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.List;

/** Recordings from one index to another, both included. */
record Range(int first, int last) {
    /** Whether the two share more than an end. */
    boolean overlaps(Range other) {
        return first < other.last && other.first < last;
    }

    /** Joins ranges, ascending by first, that overlap or touch. */
    static List<Range> merge(List<Range> ranges) {
        List<Range> merged = new ArrayList<>();
        for (Range range : ranges) {
            int end = merged.size() - 1;
            if (end >= 0 && range.first <= merged.get(end).last) {
                merged.set(end, new Range(merged.get(end).first, range.last));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }
}
