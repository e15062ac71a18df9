package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.ShiftRow;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A SameDiff graph whose only logit is that of a sigmoid, with parameters of one value. */
class SigmoidInfluenceTest {
    @Test
    void partsAddUpForOneSigmoid() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 1);
        SDVariable w = graph.var("w", RandomArrays.gaussian(1, DataType.DOUBLE, 3, 1));
        SDVariable b = graph.var("b", RandomArrays.gaussian(2, DataType.DOUBLE, 1));
        SDVariable scale = graph.var("scale", RandomArrays.gaussian(6, DataType.DOUBLE, 1));
        SDVariable logit = graph.mmul(x.mul(scale).add(b), w).add(b).rename("logits");
        SDVariable sign = y.mul(-2).add(1);
        graph.nn().softplus(logit.mul(sign)).mean().rename("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Adam(0.01))
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .build());
        INDArray labels = RandomArrays.oneHot(4, DataType.DOUBLE, 6, 2).getColumn(1, true).dup('c');
        INDArray features = RandomArrays.gaussian(3, DataType.DOUBLE, 6, 3);
        ListRecorder recorder = new ListRecorder();
        try (SameDiffDynamicsListener listener =
                SameDiffDynamicsListener.builder(graph)
                        .inputs("x")
                        .logits("logits")
                        .influence(InfluenceOptions.defaults())
                        .probes(
                                ClassProbes.builder(RandomArrays.gaussian(5, DataType.DOUBLE, 4, 3))
                                        .labels(0, 1, 1, 0)
                                        .build())
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .build()) {
            graph.setListeners(listener);
            for (int update = 0; update < 3; update++) {
                graph.fit(new MultiDataSet(features, labels));
            }
            assertEquals(0, listener.failures().total());
        }
        List<ShiftRow> shifts = recorder.steps().get(3).interactions().shifts();
        assertEquals(4, shifts.size(), recorder.steps().get(3).events().toString());
        for (ShiftRow shift : shifts) {
            double parts = shift.fromBatch() + shift.fromHistory() + shift.fromDecay();
            assertEquals(shift.predicted(), parts, 1e-12, shift.toString());
            assertEquals(0, shift.unattributed(), 1e-12, shift.toString());
            assertEquals(shift.predicted(), shift.actual(), 1e-3);
            assertTrue(Math.abs(shift.predicted()) > 1e-6, shift.toString());
        }
    }
}
