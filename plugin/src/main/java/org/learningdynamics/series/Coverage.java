package org.learningdynamics.series;

/**
 * How much of training the influences of a run are about.
 *
 * @param recordings recordings with influences, each of one update
 * @param updates parameter updates up to the last recording
 * @param examplesSeen different training examples in the recorded batches
 * @param examplesKnown training examples in the run file
 */
public record Coverage(long recordings, long updates, long examplesSeen, long examplesKnown) {
    /**
     * The share of updates whose influences are recorded.
     *
     * @return a share, NaN without any update
     */
    public double ofUpdates() {
        return (double) recordings / updates;
    }

    /**
     * The examples that were in a recorded batch over those that the run file names.
     *
     * @return a share, above 1 where the file does not name all, NaN where it names none
     */
    public double ofExamples() {
        return (double) examplesSeen / examplesKnown;
    }
}
