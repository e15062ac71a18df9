package org.learningdynamics.train;

import java.nio.file.Path;
import java.util.Optional;
import org.learningdynamics.listener.DistributionOptions;
import org.learningdynamics.listener.InfluenceOptions;
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
 * @param distributions how much of the distributions at single positions is recorded
 * @param texts whether the file holds the texts or their digests
 * @param influence whether and how influences are measured; layout and ids of the examples are the
 *     run's own
 */
public record RunRecording(
        Path file,
        ProbeSet probes,
        Schedule schedule,
        TokenDetail tokens,
        Optional<DistributionOptions> distributions,
        Texts texts,
        Optional<InfluenceOptions> influence) {
    /**
     * A recording of sums with full texts.
     *
     * @param file the run file
     * @param probes what is watched
     * @param schedule when
     * @return the recording
     */
    public static RunRecording of(Path file, ProbeSet probes, Schedule schedule) {
        return new RunRecording(
                file,
                probes,
                schedule,
                TokenDetail.NONE,
                Optional.empty(),
                Texts.FULL,
                Optional.empty());
    }

    /**
     * The same with another token detail.
     *
     * @param detail whether single tokens are recorded
     * @return a new recording
     */
    public RunRecording withTokens(TokenDetail detail) {
        return new RunRecording(file, probes, schedule, detail, distributions, texts, influence);
    }

    /**
     * The same with distributions at single positions, and single tokens with them.
     *
     * @param options how much
     * @return a new recording
     */
    public RunRecording withDistributions(DistributionOptions options) {
        return new RunRecording(
                file, probes, schedule, TokenDetail.ALL, Optional.of(options), texts, influence);
    }

    /**
     * The same with another rule for texts.
     *
     * @param kept texts or digests
     * @return a new recording
     */
    public RunRecording withTexts(Texts kept) {
        return new RunRecording(file, probes, schedule, tokens, distributions, kept, influence);
    }

    /**
     * The same with influences: which example of a recorded update's batch moved which response.
     *
     * @param options form, detail and memory; layout and ids of the examples are the run's own
     * @return a new recording
     */
    public RunRecording withInfluence(InfluenceOptions options) {
        return new RunRecording(
                file, probes, schedule, tokens, distributions, texts, Optional.of(options));
    }
}
