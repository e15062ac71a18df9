package org.learningdynamics.samples.demo;

/**
 * Size and recipe of the demo.
 *
 * @param width the model's width
 * @param layers the model's blocks
 * @param pretrain pre-training
 * @param sft supervised fine-tuning, plain and extended alike
 * @param dpo preference tuning
 * @param beta β of DPO
 * @param recordings recordings a stage, the one before the first update left out
 * @param probes probe prompts watched
 * @param heldOut prompts answered by the final models
 * @param seed initial weights and orders
 */
public record DemoSettings(
        int width,
        int layers,
        Stage pretrain,
        Stage sft,
        Stage dpo,
        double beta,
        int recordings,
        int probes,
        int heldOut,
        long seed) {
    /** The seed that is shipped. */
    public static final long DEFAULT_SEED = 1;

    /**
     * Updates of one stage.
     *
     * @param updates how many
     * @param batch examples of each
     * @param learningRate peak rate; pre-training lets it fall as a cosine, the others keep it
     */
    public record Stage(int updates, int batch, double learningRate) {}

    /**
     * The demo as {@code ./mvnw -q -Pdemo} runs it.
     *
     * @param seed initial weights and orders
     * @return the settings
     */
    public static DemoSettings full(long seed) {
        return new DemoSettings(
                96,
                2,
                new Stage(1400, 16, 4e-3),
                new Stage(240, 16, 5e-4),
                new Stage(180, 16, 5e-5),
                0.1,
                12,
                64,
                200,
                seed);
    }

    /**
     * A run of seconds that shows how everything fits together; too short for the claims.
     *
     * @param seed initial weights and orders
     * @return the settings
     */
    public static DemoSettings tiny(long seed) {
        return new DemoSettings(
                16,
                1,
                new Stage(20, 16, 2e-3),
                new Stage(10, 8, 5e-4),
                new Stage(10, 8, 8e-5),
                0.1,
                5,
                8,
                20,
                seed);
    }
}
