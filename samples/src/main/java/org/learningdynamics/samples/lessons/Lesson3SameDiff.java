package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Lesson 3: any SameDiff graph with a placeholder for features and a variable of logits. */
public final class Lesson3SameDiff {
    private static final int EPOCHS = 40;

    private Lesson3SameDiff() {}

    /**
     * Trains a linear softmax model on the exclusive or's easier brother, the logical or.
     *
     * @param args the run file to write
     */
    public static void main(String[] args) {
        double[][] inputs = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
        double[][] or = {{1, 0}, {0, 1}, {0, 1}, {0, 1}};
        DataSet data = new DataSet(Nd4j.create(inputs), Nd4j.create(or));
        watch(model(), data, Path.of(args[0]));
    }

    private static void watch(SameDiff model, DataSet data, Path run) {
        // README SameDiff
        var probes = ClassProbes.builder(data.getFeatures()).labels(0, 1, 1, 1).build();
        var header = RunHeader.builder("logical or", Instant.now()).build();
        try (var listener =
                SameDiffDynamicsListener.builder(model)
                        .inputs("features")
                        .logits("logits")
                        .probes(probes)
                        .schedule(Schedule.every(10))
                        .recordTo(run, header)
                        .build()) {
            model.setListeners(listener);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                model.fit(data);
            }
        }
        // end
    }

    private static SameDiff model() {
        SameDiff graph = SameDiff.create();
        SDVariable features = graph.placeHolder("features", DataType.DOUBLE, -1, 2);
        SDVariable labels = graph.placeHolder("labels", DataType.DOUBLE, -1, 2);
        SDVariable weights = graph.var("weights", Nd4j.zeros(DataType.DOUBLE, 2, 2));
        SDVariable bias = graph.var("bias", Nd4j.zeros(DataType.DOUBLE, 1, 2));
        SDVariable logits = graph.mmul(features, weights).add("logits", bias);
        SDVariable logProbs = graph.nn().logSoftmax(logits);
        logProbs.mul(labels).sum(1).neg().mean("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(0.5))
                        .dataSetFeatureMapping("features")
                        .dataSetLabelMapping("labels")
                        .build());
        return graph;
    }
}
