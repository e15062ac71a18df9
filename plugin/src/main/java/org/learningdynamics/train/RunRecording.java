package org.learningdynamics.train;

import java.nio.file.Path;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.Texts;

/**
 * What is recorded of a stage, and where.
 *
 * @param file the run file, by custom ending in {@code .ldyn}; must not exist yet
 * @param probes what is watched
 * @param schedule when
 * @param tokens whether single tokens are recorded
 * @param texts whether the file holds the texts or their digests
 */
public record RunRecording(
        Path file, ProbeSet probes, Schedule schedule, TokenDetail tokens, Texts texts) {
    /**
     * A recording of sums with full texts.
     *
     * @param file the run file
     * @param probes what is watched
     * @param schedule when
     * @return the recording
     */
    public static RunRecording of(Path file, ProbeSet probes, Schedule schedule) {
        return new RunRecording(file, probes, schedule, TokenDetail.NONE, Texts.FULL);
    }

    /**
     * The same with another token detail.
     *
     * @param detail whether single tokens are recorded
     * @return a new recording
     */
    public RunRecording withTokens(TokenDetail detail) {
        return new RunRecording(file, probes, schedule, detail, texts);
    }

    /**
     * The same with another rule for texts.
     *
     * @param kept texts or digests
     * @return a new recording
     */
    public RunRecording withTexts(Texts kept) {
        return new RunRecording(file, probes, schedule, tokens, kept);
    }
}
