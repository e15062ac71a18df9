package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelInputTest {
    @Test
    void refusesMasksForSomeFeaturesOnly() {
        INDArray array = Nd4j.ones(1, 1);
        assertEquals(
                "features must hold at least one array, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ModelInput(List.of(), List.of()))
                        .getMessage());
        assertEquals(
                "masks must be empty or one a feature array (2), got 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ModelInput(List.of(array, array), List.of(array)))
                        .getMessage());
    }
}
