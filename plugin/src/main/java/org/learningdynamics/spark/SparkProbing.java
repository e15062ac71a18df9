package org.learningdynamics.spark;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.train.Checkpoint;

/**
 * Measures the responses of a large probe file under one model or several checkpoints: text in,
 * Parquet out.
 *
 * <pre>{@code
 * SparkProbing.builder(spark, "hdfs:///probes.jsonl", Path.of("run/model"))
 *         .build()
 *         .run("hdfs:///measured")
 *         .toRunFile(Path.of("measured.ldyn"));
 * }</pre>
 *
 * <p>The file is read as text, in parts; a probe's id is its line. The numbers are those of a
 * listener that measures the whole file in packed rows, bit for bit where executors have the
 * processor and the number of threads of the machine compared with: the driver plans from the
 * lengths of all rows which go through the model together. Models go from the driver to the
 * executors, once a process, and stay in memory once for all tasks of a process.
 *
 * <p>Finished blocks are kept: run again with the same folder after a kill, a job measures what is
 * missing. An executor that is lost costs its unfinished tasks; nothing is lost or counted twice.
 *
 * <p>Memory: on the driver 50 bytes a probe while it plans, on an executor a model and a task's
 * pass for each core. Cost: a forward pass over the file for each model.
 */
public final class SparkProbing {
    /** Default of {@link Builder#passesPerBlock}. */
    public static final int DEFAULT_PASSES_PER_BLOCK = 8;

    final SparkSession spark;
    final String file;
    final List<Probed> models;
    final Truncation truncation;
    final int tokensPerBatch;
    final int passesPerBlock;
    final BadLines badLines;
    final String setName;
    final InstantSource clock;

    private SparkProbing(Builder builder, Truncation truncation) {
        spark = builder.spark;
        file = builder.file;
        models = builder.models;
        this.truncation = truncation;
        tokensPerBatch = builder.tokensPerBatch;
        passesPerBlock = builder.passesPerBlock;
        badLines = builder.badLines;
        setName = builder.setName;
        clock = builder.clock;
    }

    /**
     * A model to measure under.
     *
     * @param path model folder or file
     * @param iteration updates done
     * @param learningRate rate of the last, absent if unknown
     */
    record Probed(Path path, long iteration, OptionalDouble learningRate) {}

    /**
     * Starts a job for one model, whose rows are those of step 0.
     *
     * @param spark where the work is done
     * @param file JSON Lines in the probe format, where executors can read it
     * @param model on the driver: a folder of ours or a checkpoint with {@code config.json}, or a
     *     safetensors file of ours, its tokenizer beside it
     * @return a builder
     */
    public static Builder builder(SparkSession spark, String file, Path model) {
        return new Builder(spark, file, List.of(new Probed(model, 0, OptionalDouble.empty())));
    }

    /**
     * Starts a job for checkpoints, each a step.
     *
     * @param spark where the work is done
     * @param file JSON Lines in the probe format, where executors can read it
     * @param checkpoints on the driver, at least one, of one tokenizer that lies beside them
     * @return a builder
     * @throws IllegalArgumentException if there is none
     */
    public static Builder builder(SparkSession spark, String file, List<Checkpoint> checkpoints) {
        if (checkpoints.isEmpty()) {
            throw new IllegalArgumentException("checkpoints must be at least one, got none");
        }
        List<Probed> models = new ArrayList<>();
        for (Checkpoint c : checkpoints) {
            models.add(new Probed(c.file(), c.iteration(), OptionalDouble.of(c.learningRate())));
        }
        return new Builder(spark, file, List.copyOf(models));
    }

    /**
     * Longest row that a model takes.
     *
     * @param model a model folder or file; only its configuration is read
     * @return tokens of prompt and response
     * @throws org.learningdynamics.data.DataException if it cannot be read
     */
    public static int longestRow(Path model) {
        return LoadedModel.longest(model);
    }

    /**
     * Does what is left of the job. Blocks until then.
     *
     * @param folder where Spark can write, new or one that this job began; gets the tables {@code
     *     header}, {@code probe}, {@code response}, {@code step} and {@code likelihood}
     * @return the tables
     * @throws org.learningdynamics.data.DataException if the file has a bad line or no good one, a
     *     model cannot be read, or the folder is another job's
     */
    public SparkRun run(String folder) {
        return run(folder, blocks -> {});
    }

    /** Tells how many blocks were stored, each time that some were. */
    SparkRun run(String folder, IntConsumer stored) {
        return new ProbeJob(this, SparkRun.of(spark, folder), folder, stored).run();
    }

    /** What decides the numbers, by name. */
    Map<String, String> describe() {
        Map<String, String> all = new TreeMap<>();
        all.put("probing.max_length", Integer.toString(truncation.maxLength()));
        all.put("probing.max_prompt_length", Integer.toString(truncation.maxPromptLength()));
        all.put("probing.keep_prompt", truncation.keepPrompt().toString());
        all.put("probing.tokens_per_batch", Integer.toString(tokensPerBatch));
        all.put("probing.passes_per_block", Integer.toString(passesPerBlock));
        return all;
    }

    /** Collects the settings of a {@link SparkProbing}. */
    public static final class Builder {
        private final SparkSession spark;
        private final String file;
        private final List<Probed> models;
        private @org.jspecify.annotations.Nullable Truncation truncation;
        private int tokensPerBatch = TokenProbes.DEFAULT_TOKENS_PER_BATCH;
        private int passesPerBlock = DEFAULT_PASSES_PER_BLOCK;
        private BadLines badLines = BadLines.FAIL;
        private String setName;
        private InstantSource clock = InstantSource.system();

        private Builder(SparkSession spark, String file, List<Probed> models) {
            this.spark = spark;
            this.file = file;
            this.models = models;
            setName = file.substring(file.lastIndexOf('/') + 1);
        }

        /**
         * Says how long sequences are cut.
         *
         * @param value by default the longest row of the first model, with half of it for the
         *     prompt, whose end is kept
         * @return this
         */
        public Builder truncation(Truncation value) {
            truncation = value;
            return this;
        }

        /**
         * Bounds a forward pass.
         *
         * @param tokens rows times longest row, at least 1; {@link
         *     TokenProbes#DEFAULT_TOKENS_PER_BATCH} by default
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder tokensPerBatch(int tokens) {
            tokensPerBatch = positive("tokensPerBatch", tokens);
            return this;
        }

        /**
         * Says how much a task does, which is also what is stored whole or not at all.
         *
         * @param passes at least 1; {@value SparkProbing#DEFAULT_PASSES_PER_BLOCK} by default
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder passesPerBlock(int passes) {
            passesPerBlock = positive("passesPerBlock", passes);
            return this;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be >= 1, got " + value);
            }
            return value;
        }

        /**
         * Says what becomes of bad lines.
         *
         * @param value to fail before anything is measured by default; left out, they are counted
         *     in an event
         * @return this
         */
        public Builder badLines(BadLines value) {
            badLines = value;
            return this;
        }

        /**
         * Names the set of probes.
         *
         * @param name the file's name by default
         * @return this
         */
        public Builder setName(String name) {
            setName = name;
            return this;
        }

        /**
         * Sets the clock that the run's date comes from.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the job, not started
         * @throws org.learningdynamics.data.DataException if the first model cannot be read
         */
        public SparkProbing build() {
            Truncation chosen = truncation;
            if (chosen == null) {
                int longest = LoadedModel.longest(models.get(0).path());
                chosen = new Truncation(longest, longest / 2, KeepPrompt.END);
            }
            return new SparkProbing(this, chosen);
        }
    }
}
