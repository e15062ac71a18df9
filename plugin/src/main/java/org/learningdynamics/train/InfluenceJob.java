package org.learningdynamics.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.Severity;

/** The work of {@link CheckpointInfluence}: checkpoint by checkpoint, block by block. */
final class InfluenceJob {
    private static final String CHECKPOINTS = "influence.checkpoints";
    private static final String FORM = "influence.form";

    private final List<Checkpoint> checkpoints;
    private final TrainingData data;
    private final TrainingOptions training;
    private final ProbeSet probes;
    private final Optional<Path> reference;
    private final CheckpointInfluenceOptions options;
    private final Consumer<InfluenceProgress> progress;
    private final InstantSource clock;
    private final List<TrainingItem> items; // by length, so that padding is small
    private final List<EncodedProbeRow> rows; // by length
    private final List<List<Integer>> blocks;

    InfluenceJob(
            List<Checkpoint> checkpoints,
            TrainingData data,
            TrainingOptions training,
            ProbeSet probes,
            Optional<Path> reference,
            CheckpointInfluenceOptions options,
            Consumer<InfluenceProgress> progress,
            InstantSource clock) {
        this.checkpoints = checkpoints;
        this.data = data;
        this.training = training;
        this.probes = probes;
        this.reference = reference;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
        items =
                data.items().stream()
                        .sorted(Comparator.comparingInt(TrainingItem::length))
                        .toList();
        rows =
                EncodedProbes.encode(probes, data.encoder()).stream()
                        .sorted(Comparator.comparingInt(row -> row.encoded().length()))
                        .toList();
        blocks = Blocks.of(items.size(), options.blockExamples());
    }

    void run(Path file) {
        RunHeader header = header();
        if (Files.exists(file)) {
            requireSameJob(file, header);
        } else {
            requireFitting();
        }
        try (RunFileRecorder recorder = recorder(file, header)) {
            data.rows().forEach(recorder::record);
            Set<ScoredBlock> done =
                    new HashSet<>(RunFileReader.open(file).interactions().scoredBlocks());
            work(recorder, done);
            recorder.flush();
            if (recorder.stats().lost() > 0) {
                throw new RunFileException(
                        recorder.path(),
                        "must take every block, lost some ("
                                + recorder.stats().failure()
                                + "); call again for what is missing");
            }
        }
    }

    private void work(RunFileRecorder recorder, Set<ScoredBlock> done) {
        InfluenceClock clockOfJob =
                new InfluenceClock(
                        progress, done.size(), (long) blocks.size() * checkpoints.size());
        clockOfJob.at(checkpoints.get(0));
        if (clockOfJob.finished()) {
            return;
        }
        double[][] referenceLogProbs = referenceLogProbs();
        for (Checkpoint checkpoint : checkpoints) {
            List<Integer> left = new ArrayList<>();
            for (int block = 0; block < blocks.size(); block++) {
                if (!done.contains(new ScoredBlock(checkpoint.iteration(), block))) {
                    left.add(block);
                }
            }
            if (!left.isEmpty()) {
                score(checkpoint, left, referenceLogProbs, recorder, clockOfJob);
            }
        }
    }

    private void score(
            Checkpoint checkpoint,
            List<Integer> left,
            double[][] referenceLogProbs,
            RunFileRecorder recorder,
            InfluenceClock clockOfJob) {
        try (CheckpointModel model = open(checkpoint);
                CheckpointProducts products = products(model)) {
            for (int block : left) {
                List<Integer> places = blocks.get(block);
                int from = places.get(0);
                int to = from + places.size();
                List<TrainingItem> some = items.subList(from, to);
                double[][] own = Arrays.copyOfRange(referenceLogProbs, from, to);
                BlockProducts found = products.of(model.examples(some, own));
                tellNotFinite(checkpoint, found, recorder);
                ScoredBlock scored = new ScoredBlock(checkpoint.iteration(), block);
                recorder.record(
                        new BlockSums(checkpoint.learningRate(), options.form(), found, some.size())
                                .rows(scored, some, rows));
                clockOfJob.done(checkpoint);
            }
        }
    }

    List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    TrainingData data() {
        return data;
    }

    TrainingOptions training() {
        return training;
    }

    Optional<Path> reference() {
        return reference;
    }

    CheckpointInfluenceOptions options() {
        return options;
    }

    List<TrainingItem> items() {
        return items;
    }

    List<EncodedProbeRow> probeRows() {
        return rows;
    }

    List<List<Integer>> blocks() {
        return blocks;
    }

    /** The totals are stored all the same, as NaN. */
    private static void tellNotFinite(
            Checkpoint checkpoint, BlockProducts found, RunFileRecorder recorder) {
        if (!found.notFinite().isEmpty()) {
            recorder.record(notFinite(checkpoint.iteration(), some(found.notFinite())));
        }
    }

    /** A few names of parameters. */
    static String some(List<String> parameters) {
        return parameters.stream().limit(3).toList().toString();
    }

    /** Says which gradients made totals NaN. */
    static Event notFinite(long iteration, String parameters) {
        return new Event(
                0,
                Severity.WARNING,
                "gradient_not_finite",
                "gradients of examples at checkpoint "
                        + iteration
                        + " are not finite, first with respect to "
                        + parameters);
    }

    private CheckpointModel open(Checkpoint checkpoint) {
        return CheckpointModel.load(checkpoint, training.loss(), data, longest(), options.layers());
    }

    /** Before a file is made, which would hold on to options that cannot be. */
    void requireFitting() {
        reference.ifPresent(file -> CheckpointModel.fitting(file, data, data.longest()).close());
        open(checkpoints.get(0)).close();
    }

    private CheckpointProducts products(CheckpointModel model) {
        ProbeGradients gradients =
                new ProbeGradients(
                        rows.size(),
                        options.blockProbes(),
                        options.projection().isPresent() ? 0 : options.memoryBytes(),
                        places -> model.probes(places.stream().map(rows::get).toList()));
        return options.projection()
                .<CheckpointProducts>map(
                        chosen -> new ProjectedProducts(gradients, chosen, options.memoryBytes()))
                .orElseGet(() -> new ExactProducts(gradients, options.memoryBytes()));
    }

    private int longest() {
        int probe = rows.stream().mapToInt(row -> row.encoded().length()).max().orElse(0);
        return Math.max(probe, data.longest());
    }

    /** In the order of the sorted examples; zeros without a reference // [examples][responses]. */
    private double[][] referenceLogProbs() {
        if (reference.isEmpty()) {
            return byExample(new double[responses().size()]);
        }
        try (DecoderModel model = CheckpointModel.fitting(reference.get(), data, data.longest())) {
            return byExample(new ResponseScorer(model).logProbs(responses()));
        }
    }

    /** All responses of the sorted examples. */
    List<EncodedResponse> responses() {
        return items.stream().flatMap(item -> item.responses().stream()).toList();
    }

    /** Numbers of the responses of some examples // [examples][responses]. */
    double[][] byExample(double[] numbers) {
        int responses = items.get(0).responses().size();
        double[][] scores = new double[numbers.length / responses][responses];
        for (int i = 0; i < numbers.length; i++) {
            scores[i / responses][i % responses] = numbers[i];
        }
        return scores;
    }

    private RunFileRecorder recorder(Path file, RunHeader header) {
        TokenProbes watched = watched();
        return RunFileRecorder.builder(file, header)
                .probes(watched.probeRows())
                .responses(watched.responseRows())
                .build();
    }

    TokenProbes watched() {
        return TokenProbes.builder(
                        EncodedProbes.encode(probes, data.encoder()), data.tokenizer().paddingId())
                .texts(probes.probes())
                .setName(probes.name())
                .build();
    }

    RunHeader header() {
        Map<String, String> settings =
                new TreeMap<>(options.describe((long) items.size() * rows.size()));
        settings.put(
                CHECKPOINTS,
                checkpoints.stream()
                        .map(c -> c.iteration() + "@" + c.learningRate())
                        .collect(Collectors.joining(" ")));
        settings.put(
                "influence.checkpoints_sha256",
                Sha256.ofParts(checkpoints.stream().map(c -> Sha256.ofFile(c.file())).toList()));
        reference.ifPresent(
                model -> settings.put("influence.reference_sha256", Sha256.ofFile(model)));
        settings.put("method", training.method().label());
        settings.put("loss", training.loss().name());
        training.loss()
                .parameters()
                .forEach((name, value) -> settings.put(name, Double.toString(value)));
        settings.put("examples", Integer.toString(data.size()));
        return Provenance.ofJob(checkpoints.get(0).run(), clock.instant(), data, settings);
    }

    /** A file of another job must not get this one's sums. */
    private static void requireSameJob(Path file, RunHeader header) {
        RunFileReader begun = RunFileReader.open(file);
        Map<String, String> then = begun.header().configuration();
        if (!then.containsKey(FORM)) {
            throw new RunFileException(
                    begun.path(),
                    "must be a new file or one that a job over checkpoints began, got a run of"
                            + " stage "
                            + begun.header().stage());
        }
        Set<String> names = new TreeSet<>(then.keySet());
        names.addAll(header.configuration().keySet());
        for (String name : names) {
            String before = then.getOrDefault(name, "none");
            String now = header.configuration().getOrDefault(name, "none");
            if (!before.equals(now)) {
                throw new RunFileException(
                        begun.path(),
                        name + " must be the job's " + before + " to go on with it, got " + now);
            }
        }
    }

    /** Counts blocks and tells of them. */
    private static final class InfluenceClock {
        private final Consumer<InfluenceProgress> progress;
        private final long blocks;
        private final long startNanos = System.nanoTime();
        private long done;

        InfluenceClock(Consumer<InfluenceProgress> progress, long done, long blocks) {
            this.progress = progress;
            this.done = done;
            this.blocks = blocks;
        }

        boolean finished() {
            return done >= blocks;
        }

        void done(Checkpoint checkpoint) {
            done++;
            at(checkpoint);
        }

        void at(Checkpoint checkpoint) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
            progress.accept(new InfluenceProgress(checkpoint, done, blocks, elapsed));
        }
    }
}
