package org.learningdynamics.samples.digits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.listener.ClassKinds;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains one classifier on digits and records it: every class's probability on every test image at
 * recordings evenly spaced on a logarithmic scale, the adaptation of features and logits every 50
 * updates, and, after a fifth of the updates, what learning single examples does.
 */
public final class DigitExperiment {
    private static final int RECORDINGS_A_DECADE = 5;
    private static final int EARLY = 5; // one part in
    private static final int ADAPTATION_IMAGES = 200;
    private static final int EXAMPLES_A_CLASS = 10;
    private static final int EXAMPLE_IMAGES = 300;
    private static final String[] NAMES =
            IntStream.range(0, DigitImages.CLASSES)
                    .mapToObj(Integer::toString)
                    .toArray(String[]::new);

    private final DigitModel model;
    private final DigitRecipe recipe;
    private final DigitImages train;
    private final DigitImages test;
    private final InstantSource clock;

    /**
     * Plans an experiment.
     *
     * @param model what is trained
     * @param recipe how
     * @param train images to learn
     * @param test images to watch
     * @param clock tells when the run began
     */
    public DigitExperiment(
            DigitModel model,
            DigitRecipe recipe,
            DigitImages train,
            DigitImages test,
            InstantSource clock) {
        this.model = model;
        this.recipe = recipe;
        this.train = train;
        this.test = test;
        this.clock = clock;
    }

    /**
     * What an experiment found.
     *
     * @param run the recording
     * @param network the trained network
     * @param early mean predictions after a fifth of the updates
     * @param last mean predictions after all updates
     * @param changes what learning one example does after a fifth of the updates (see {@link
     *     SingleExamples}) // [learnt class][observed class], nats
     */
    public record Result(
            RecordedRun run,
            MultiLayerNetwork network,
            MeanPrediction early,
            MeanPrediction last,
            double[][] changes) {}

    /**
     * Trains and records.
     *
     * @param file the run file, replaced if it exists
     * @param progress gets a line each epoch
     * @return what was found
     * @throws IOException if an old file cannot be removed
     */
    public Result run(Path file, Consumer<String> progress) throws IOException {
        Files.deleteIfExists(file);
        MultiLayerNetwork network = model.create(recipe);
        ClassProbes probes =
                ClassProbes.builder(test.features())
                        .labels(test.labels())
                        .classNames(NAMES)
                        .kinds(ClassKinds.EVERY_CLASS)
                        .setName("test digits")
                        .build();
        int updates = recipe.updates(train.size());
        int early = Math.max(1, updates / EARLY);
        Schedule schedule =
                Schedule.logSpaced(RECORDINGS_A_DECADE, updates)
                        .and(Schedule.at(early))
                        .withFinal();
        double[][] changes;
        try (var recorder =
                        RunFileRecorder.builder(file, header())
                                .probes(probes.probeRows())
                                .responses(probes.responseRows())
                                .build();
                var listener =
                        DynamicsListener.builder(network)
                                .probes(probes)
                                .schedule(schedule)
                                .recorder(recorder)
                                .clock(clock)
                                .build()) {
            network.addListeners(listener);
            DigitImages watched = first(ADAPTATION_IMAGES);
            var meter = new AdaptationMeter(network, watched.features(), recorder);
            changes = train(network, meter, early, progress);
        }
        return result(RunLoader.load(file), network, early, changes);
    }

    private DigitImages first(int count) {
        return test.select(IntStream.range(0, Math.min(count, test.size())).toArray());
    }

    /** Trains; returns what single examples do at an early update. */
    private double[][] train(
            MultiLayerNetwork network,
            AdaptationMeter meter,
            int early,
            Consumer<String> progress) {
        double[][] changes = {};
        long update = 0;
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            network.setEpochCount(epoch);
            for (int[] batch : batches(epoch)) {
                meter.fit(++update, train.select(batch).dataSet());
                if (update == early) {
                    changes =
                            new SingleExamples(network, first(EXAMPLE_IMAGES))
                                    .changes(train, EXAMPLES_A_CLASS, recipe.learningRate());
                }
            }
            progress.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: epoch %d of %d, loss %.4f",
                            model.label(),
                            epoch + 1,
                            recipe.epochs(),
                            network.score()));
        }
        return changes;
    }

    private List<int[]> batches(int epoch) {
        List<Integer> all = IntStream.range(0, train.size()).boxed().toList();
        List<Integer> order = Shuffle.copy(all, Shuffle.random(recipe.seed(), epoch));
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += recipe.batchSize()) {
            int to = Math.min(order.size(), from + recipe.batchSize());
            batches.add(order.subList(from, to).stream().mapToInt(Integer::intValue).toArray());
        }
        return batches;
    }

    private static Result result(
            RecordedRun run, MultiLayerNetwork network, long early, double[][] changes) {
        int last = run.steps().size() - 1;
        int then = last;
        while (run.steps().get(then).iteration() > early) {
            then--;
        }
        return new Result(
                run, network, MeanPrediction.of(run, then), MeanPrediction.of(run, last), changes);
    }

    private RunHeader header() {
        Map<String, String> configuration = new TreeMap<>();
        configuration.put("model", model.label());
        configuration.put("epochs", Integer.toString(recipe.epochs()));
        configuration.put("batch_size", Integer.toString(recipe.batchSize()));
        configuration.put("learning_rate", Double.toString(recipe.learningRate()));
        configuration.put("momentum", Double.toString(recipe.momentum()));
        configuration.put("weight_decay", Double.toString(recipe.weightDecay()));
        configuration.put("train_images", Integer.toString(train.size()));
        configuration.put("test_images", Integer.toString(test.size()));
        return RunHeader.builder("digits " + model.label(), clock.instant())
                .stage("classifier")
                .backend(Nd4j.getBackend().getClass().getSimpleName())
                .seed(recipe.seed())
                .dataSha256(train.digest())
                .configuration(configuration)
                .build();
    }
}
