package org.learningdynamics.update;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** A small regression of two layers; one variable does not matter for the loss. */
final class SameDiffTask {
    static final int ROWS = 5;

    private SameDiffTask() {}

    static SameDiff graph(DataType type, IUpdater updater, List<Regularization> kinds) {
        Nd4j.getRandom().setSeed(7);
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", type, -1, 3);
        SDVariable y = graph.placeHolder("y", type, -1, 2);
        SDVariable w0 = graph.var("w0", random(type, 3, 4).dup('f'));
        SDVariable b0 = graph.var("b0", random(type, 4));
        SDVariable w1 = graph.var("w1", random(type, 4, 2));
        graph.var("unused", random(type, 2));
        graph.constant("fixed", random(type, 2));
        SDVariable hidden = graph.math.tanh(x.mmul(w0).add(b0));
        SDVariable miss = hidden.mmul(w1).sub(y);
        graph.math.square(miss).sum(1).mean().rename("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(updater)
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .regularization(kinds)
                        .build());
        return graph;
    }

    static DataSet batch(DataType type, int seed) {
        Nd4j.getRandom().setSeed(100 + seed);
        return new DataSet(random(type, ROWS, 3), random(type, ROWS, 2).muli(2));
    }

    private static INDArray random(DataType type, long... shape) {
        return Nd4j.randn(DataType.DOUBLE, shape).castTo(type);
    }
}
