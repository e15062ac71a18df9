package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PackedBatch;
import org.learningdynamics.model.GradientRepairs;
import org.learningdynamics.model.PackedInput;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.model.PlainGather;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The repair of gather holds for a whole process; packed graphs only run forward and need none. */
@ExtendWith(PlainGather.class)
class PackedGatherTest {
    @Test
    void aPackedPassOfASmallModelLeavesGatherAsItIs() {
        DecoderModel model = SmallModels.model(SmallModels.config().build());
        EncodedResponse response = new EncodedResponse(new int[] {1, 2, 3}, 1);
        PackedBatch batch = PackedBatch.of(List.of(List.of(response)), 0, 1);
        try (PackedView view = model.packedView();
                PackedInput input =
                        new PackedInput(
                                Nd4j.createFromArray(batch.inputIds()),
                                Nd4j.createFromArray(batch.positions()),
                                Nd4j.createFromArray(batch.segments()),
                                Nd4j.createFromArray(batch.headRows()))) {
            view.refresh();
            INDArray logits = view.logits(input);
            assertEquals(model.config().vocabularySize(), logits.size(-1));
            assertFalse(GradientRepairs.isGatherInstalled());
        }
    }
}
