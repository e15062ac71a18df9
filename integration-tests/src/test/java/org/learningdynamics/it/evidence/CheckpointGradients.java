package org.learningdynamics.it.evidence;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.model.LearntBatch;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.NetworkGradients;
import org.learningdynamics.model.RowPass;
import org.nd4j.linalg.dataset.DataSet;

/** Gradients of all training examples at one state of a network. */
final class CheckpointGradients {
    private static final int CHUNK = 100;

    private final DigitTraining training;
    private final MultiLayerNetwork network;

    CheckpointGradients(DigitTraining training, MultiLayerNetwork network) {
        this.training = training;
        this.network = network;
    }

    /**
     * By how much learning an example at rate 1 lifts a held-out image's own log-probability, to
     * first order: {@code −⟨∇_o, g_i⟩} // [examples][probes].
     */
    double[][] dots(HeldOutDigits probes) {
        double[][] dots = new double[training.plan().examples()][probes.size()];
        int[][] labels = new int[probes.size()][];
        Arrays.setAll(labels, i -> new int[] {probes.labels()[i]});
        forEachChunk(
                (first, view, interactions) -> {
                    try (RowPass pass = view.observe(ModelInput.of(probes.features()), labels)) {
                        double[][] pairs = interactions.with(pass.gradients()).total();
                        for (int probe = 0; probe < pairs.length; probe++) {
                            for (int i = 0; i < pairs[probe].length; i++) {
                                dots[first + i][probe] = -pairs[probe][i];
                            }
                        }
                    }
                });
        return dots;
    }

    /** Squared norm of each example's gradient // [examples]. */
    double[] squaredNorms() {
        double[] squares = new double[training.plan().examples()];
        forEachChunk(
                (first, view, interactions) -> {
                    double[] norms = interactions.learntNorms();
                    for (int i = 0; i < norms.length; i++) {
                        squares[first + i] = norms[i] * norms[i];
                    }
                });
        return squares;
    }

    /** Cross-entropy of each example with the label that is learnt // [examples]. */
    double[] losses() {
        int[] labels = training.labels();
        int[] all = IntStream.range(0, labels.length).toArray();
        var output = network.output(training.dataSet(all).getFeatures());
        double[] losses = new double[labels.length];
        Arrays.setAll(losses, i -> -Math.log(output.getDouble(i, labels[i])));
        return losses;
    }

    private interface Visitor {
        void visit(int first, NetworkGradients view, GradientInteractions interactions);
    }

    private void forEachChunk(Visitor visitor) {
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            for (int from = 0; from < training.plan().examples(); from += CHUNK) {
                int to = Math.min(from + CHUNK, training.plan().examples());
                DataSet batch = training.dataSet(IntStream.range(from, to).toArray());
                try (RowPass learnt = view.learnt(LearntBatch.of(batch));
                        GradientInteractions interactions =
                                new GradientInteractions(
                                        learnt.gradients(),
                                        1,
                                        Map.of(),
                                        InfluenceForm.DOT,
                                        GradientInteractions.DEFAULT_MEMORY_BYTES)) {
                    visitor.visit(from, view, interactions);
                }
            }
        }
    }
}
