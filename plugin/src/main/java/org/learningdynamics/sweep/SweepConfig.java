package org.learningdynamics.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sweep of language models as its configuration file says it; {@code docs/sweeps.md} describes
 * the file.
 *
 * @param name the sweep's name
 * @param seed decides what the search draws
 * @param search how candidates are drawn
 * @param space what varies and what is fixed
 * @param scores what candidates are judged by, the one that ranks first
 * @param stopping when candidates are stopped early
 * @param limits how long the sweep goes on
 * @param resources workers and memory
 * @param recording how candidates are recorded
 * @param data where pairs, probes, tokens and models come from, for whoever opens them
 */
public record SweepConfig(
        String name,
        long seed,
        Search search,
        TrainingSpace space,
        List<Score> scores,
        StoppingRules stopping,
        Limits limits,
        Resources resources,
        Recording recording,
        Map<String, Object> data) {
    /**
     * How candidates are recorded.
     *
     * @param times recordings a stage, besides the one before the first update
     * @param influence whether influences are measured, for {@link Score#TRUST}
     */
    public record Recording(int times, boolean influence) {
        /** {@link PreferenceTrainer#DEFAULT_RECORDINGS} without influences. */
        public static final Recording DEFAULT =
                new Recording(PreferenceTrainer.DEFAULT_RECORDINGS, false);
    }

    /**
     * Copies the collections.
     *
     * @param name the sweep's name
     * @param seed decides what the search draws
     * @param search how candidates are drawn
     * @param space what varies and what is fixed
     * @param scores what candidates are judged by
     * @param stopping when candidates are stopped early
     * @param limits how long the sweep goes on
     * @param resources workers and memory
     * @param recording how candidates are recorded
     * @param data where pairs, probes, tokens and models come from
     */
    public SweepConfig {
        scores = List.copyOf(scores);
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /**
     * Reads a configuration file.
     *
     * @param file JSON
     * @return the configuration
     * @throws SweepConfigException if it is wrong; the message begins with file and, where it is
     *     known, line
     * @throws IOException if it cannot be read
     */
    public static SweepConfig read(Path file) throws IOException {
        try {
            return fromJson(Files.readString(file));
        } catch (SweepConfigException e) {
            String message = String.valueOf(e.getMessage());
            boolean hasLine = message.startsWith(SweepMapper.LINE);
            String place =
                    hasLine ? ":" + message.substring(SweepMapper.LINE.length()) : ": " + message;
            throw new SweepConfigException(file + place, e);
        } catch (NoSuchFileException e) {
            throw new SweepConfigException(file + ": no configuration is here", e);
        }
    }

    /**
     * Reads a configuration by Arbiter's mapper, after all class names in it were checked against
     * the few that a configuration needs.
     *
     * @param json the text
     * @return the configuration
     * @throws SweepConfigException if it is wrong; the message begins with {@code line N: } where
     *     that is known
     */
    public static SweepConfig fromJson(String json) {
        return SweepMapper.read(json);
    }

    /**
     * Writes the configuration by Arbiter's mapper.
     *
     * @return JSON that {@link #fromJson} reads to an equal configuration
     */
    public String toJson() {
        return SweepMapper.write(this);
    }

    /**
     * Starts a sweep with everything that the configuration says.
     *
     * @param trainer trains candidates on the configuration's data
     * @param folder gets the sweep file and the run files
     * @return a builder, for progress and other resources
     */
    public Sweep.Builder<TrainingChoice> sweep(
            CandidateTrainer<TrainingChoice> trainer, Path folder) {
        return Sweep.builder(space, trainer, folder)
                .name(name)
                .seed(seed)
                .search(search)
                .scores(scores)
                .stopping(stopping)
                .limits(limits)
                .resources(resources)
                .configuration(toJson());
    }
}
