package org.learningdynamics.it.evidence;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.StepRecording;

/**
 * Adds up, over every update of a training, what each example did to each held-out image: the sum
 * over updates of its term of the update's first-order effect on the image's own log-probability.
 */
final class InfluenceTally implements Recorder {
    private final double[][] sums; // [examples][probes]
    private int[] batch = {};
    private long step;
    private long last = -1;

    private InfluenceTally(int examples, int probes) {
        sums = new double[examples][probes];
    }

    /** What a traced training gave: the trained network and the sums // [examples][probes]. */
    record Traced(MultiLayerNetwork network, double[][] influence) {}

    /** Trains on all examples with every update recorded. */
    static Traced of(DigitTraining training, HeldOutDigits probes) {
        InfluenceTally tally = new InfluenceTally(training.plan().examples(), probes.size());
        MultiLayerNetwork network = training.start();
        try (DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes.probes())
                        .schedule(Schedule.every(1))
                        .influence(InfluenceOptions.defaults().withExampleIds(tally::ids))
                        .recorder(tally)
                        .build()) {
            network.setListeners(listener);
            training.train(network, training.all(), next -> tally.batch = next, () -> {});
            requireNone(listener.failures().total());
        }
        network.setListeners();
        return new Traced(network, tally.sums);
    }

    private static void requireNone(long failures) {
        if (failures != 0) {
            throw new IllegalStateException("failures must be 0, got " + failures);
        }
    }

    private List<Long> ids() {
        return Arrays.stream(batch).asLongStream().boxed().toList();
    }

    @Override
    public void record(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            last = recording.step().iteration();
            recording.interactions().influences().stream()
                    .filter(block -> block.layer().equals(InfluenceBlock.ALL_LAYERS))
                    .filter(block -> block.part().equals(InfluenceBlock.WHOLE))
                    .forEach(this::add);
        }
    }

    private void add(InfluenceBlock block) {
        for (int row = 0; row < block.examples(); row++) {
            for (int probe = 0; probe < block.responses(); probe++) {
                sums[batch[row]][probe] += block.values().get(row, probe);
            }
        }
    }

    @Override
    public long nextStep() {
        return step++;
    }

    @Override
    public long lastIteration() {
        return last;
    }

    @Override
    public void flush() {
        // Nothing is ever waiting.
    }

    @Override
    public void close() {
        // Holds nothing open.
    }
}
