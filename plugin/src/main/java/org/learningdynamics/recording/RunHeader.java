package org.learningdynamics.recording;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where a run comes from: everything needed to say which program, data and settings led to its
 * measurements. Built with {@link #builder}; what was not given is {@value #UNKNOWN}.
 *
 * @param run name of the run
 * @param stage stage of training, such as {@code sft} or {@code dpo}
 * @param libraryVersion version of this library
 * @param dl4jVersion version of Deeplearning4j
 * @param backend ND4J backend and its version
 * @param jvm Java virtual machine
 * @param os operating system and processor
 * @param seed seed of the run
 * @param configuration settings of the run, sorted by name
 * @param dataSha256 SHA-256 of the training data, 64 lower-case hexadecimal digits, or empty if not
 *     known
 * @param probesSha256 SHA-256 over all probes and responses; computed by the recorder, empty before
 * @param formatVersion version of the run file's format
 * @param createdAt when the run was started, to the millisecond
 * @param entries further provenance, sorted by name
 */
public record RunHeader(
        String run,
        String stage,
        String libraryVersion,
        String dl4jVersion,
        String backend,
        String jvm,
        String os,
        long seed,
        Map<String, String> configuration,
        String dataSha256,
        String probesSha256,
        int formatVersion,
        Instant createdAt,
        Map<String, String> entries) {
    /** What stands for a value that was not given. */
    public static final String UNKNOWN = "unknown";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the values and copies the maps.
     *
     * @param run name of the run
     * @param stage stage of training, such as {@code sft} or {@code dpo}
     * @param libraryVersion version of this library
     * @param dl4jVersion version of Deeplearning4j
     * @param backend ND4J backend and its version
     * @param jvm Java virtual machine
     * @param os operating system and processor
     * @param seed seed of the run
     * @param configuration settings of the run, sorted by name
     * @param dataSha256 SHA-256 of the training data, 64 lower-case hexadecimal digits, or empty if
     *     not known
     * @param probesSha256 SHA-256 over all probes and responses; computed by the recorder, empty
     *     before
     * @param formatVersion version of the run file's format
     * @param createdAt when the run was started, to the millisecond
     * @param entries further provenance, sorted by name
     * @throws IllegalArgumentException if the run has no name or a digest is not one
     */
    public RunHeader {
        if (run.isBlank()) {
            throw new IllegalArgumentException("run must not be blank, got \"" + run + "\"");
        }
        requireDigest("dataSha256", dataSha256);
        requireDigest("probesSha256", probesSha256);
        configuration = sorted(configuration);
        entries = sorted(entries);
        createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
        HeaderTable.requireFreeKeys(entries.keySet());
    }

    /**
     * Starts a header.
     *
     * @param run name of the run
     * @param createdAt when the run was started
     * @return a builder; versions of this library and of the Java platform are known, others not
     */
    public static Builder builder(String run, Instant createdAt) {
        return new Builder(run, createdAt);
    }

    /**
     * The origin of one of several runs that belong together.
     *
     * @param name name of the run
     * @param further further provenance, beside what is there; the same name gets the new value
     * @return a header that differs in these only
     * @throws IllegalArgumentException if the run has no name or a key is one of the format's own
     */
    public RunHeader named(String name, Map<String, String> further) {
        Map<String, String> all = new TreeMap<>(entries);
        all.putAll(further);
        return new RunHeader(
                name,
                stage,
                libraryVersion,
                dl4jVersion,
                backend,
                jvm,
                os,
                seed,
                configuration,
                dataSha256,
                probesSha256,
                formatVersion,
                createdAt,
                all);
    }

    /**
     * The header as the rows of the table {@code header}, without those of a file's state.
     *
     * @return texts by key, sorted
     */
    public Map<String, String> rows() {
        return HeaderTable.rows(this);
    }

    /**
     * The header that {@link #rows()} were made from.
     *
     * @param rows texts by key; what is missing is unknown, keys of a file's state are passed over
     * @return the header
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public static RunHeader ofRows(Map<String, String> rows) {
        try {
            return HeaderTable.header(rows);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("created_at must be a time: " + e.getMessage(), e);
        }
    }

    /**
     * The header of a run with some probes.
     *
     * @param probes one row a probe
     * @param responses one row a response
     * @return the same with their digest
     */
    public RunHeader withProbes(List<ProbeRow> probes, List<ResponseRow> responses) {
        return withProbes(Digests.ofProbes(probes, responses));
    }

    RunHeader withProbes(String sha256) {
        return new RunHeader(
                run,
                stage,
                libraryVersion,
                dl4jVersion,
                backend,
                jvm,
                os,
                seed,
                configuration,
                dataSha256,
                sha256,
                formatVersion,
                createdAt,
                entries);
    }

    private static void requireDigest(String name, String value) {
        if (!value.isEmpty() && !SHA256.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    name + " must be 64 lower-case hexadecimal digits or empty, got " + value);
        }
    }

    private static Map<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    /** Collects a header's values. */
    public static final class Builder {
        private final String run;
        private final Instant createdAt;
        private String stage = UNKNOWN;
        private String libraryVersion = LibraryVersion.read();
        private String dl4jVersion = UNKNOWN;
        private String backend = UNKNOWN;
        private String jvm =
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
        private String os =
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch");
        private long seed;
        private String dataSha256 = "";
        private final Map<String, String> configuration = new TreeMap<>();
        private final Map<String, String> entries = new TreeMap<>();

        private Builder(String run, Instant createdAt) {
            this.run = run;
            this.createdAt = createdAt;
        }

        /**
         * Names the stage of training.
         *
         * @param name such as {@code sft} or {@code dpo}
         * @return this builder
         */
        public Builder stage(String name) {
            this.stage = name;
            return this;
        }

        /**
         * Gives the version of this library; the one in use if left out.
         *
         * @param version the version
         * @return this builder
         */
        public Builder libraryVersion(String version) {
            this.libraryVersion = version;
            return this;
        }

        /**
         * Gives the version of Deeplearning4j.
         *
         * @param version the version
         * @return this builder
         */
        public Builder dl4jVersion(String version) {
            this.dl4jVersion = version;
            return this;
        }

        /**
         * Gives the ND4J backend.
         *
         * @param description name and version
         * @return this builder
         */
        public Builder backend(String description) {
            this.backend = description;
            return this;
        }

        /**
         * Gives the Java virtual machine; this one's if left out.
         *
         * @param description name and version
         * @return this builder
         */
        public Builder jvm(String description) {
            this.jvm = description;
            return this;
        }

        /**
         * Gives the operating system; this one's if left out.
         *
         * @param description name, version and processor
         * @return this builder
         */
        public Builder os(String description) {
            this.os = description;
            return this;
        }

        /**
         * Gives the seed; 0 if left out.
         *
         * @param value the seed of the run
         * @return this builder
         */
        public Builder seed(long value) {
            this.seed = value;
            return this;
        }

        /**
         * Gives the digest of the training data; a run is only continued with the same.
         *
         * @param sha256 64 lower-case hexadecimal digits, or empty if not known
         * @return this builder
         */
        public Builder dataSha256(String sha256) {
            this.dataSha256 = sha256;
            return this;
        }

        /**
         * Adds settings of the run.
         *
         * @param settings values by name
         * @return this builder
         */
        public Builder configuration(Map<String, String> settings) {
            this.configuration.putAll(settings);
            return this;
        }

        /**
         * Adds one further piece of provenance.
         *
         * @param key its name; not one that the format uses itself
         * @param value its value
         * @return this builder
         */
        public Builder entry(String key, String value) {
            this.entries.put(key, value);
            return this;
        }

        /**
         * Makes the header.
         *
         * @return the header, of this library's format version
         * @throws IllegalArgumentException if the run has no name, a digest is not one or a further
         *     entry has a key of the format's own
         */
        public RunHeader build() {
            return new RunHeader(
                    run,
                    stage,
                    libraryVersion,
                    dl4jVersion,
                    backend,
                    jvm,
                    os,
                    seed,
                    configuration,
                    dataSha256,
                    "",
                    RunFormat.VERSION,
                    createdAt,
                    entries);
        }
    }
}
