package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassProbesTest {
    private static final INDArray THREE =
            Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}, {5, 6}});

    @Test
    void namesTheLabelAsItsClass() {
        ClassProbes probes =
                ClassProbes.builder(THREE)
                        .labels(1, 0, 1)
                        .classNames("cat", "dog")
                        .setName("pets")
                        .build();
        assertEquals(
                List.of(
                        new ResponseRow(0, "label", "dog", 1),
                        new ResponseRow(1, "label", "cat", 1),
                        new ResponseRow(2, "label", "dog", 1)),
                probes.responseRows());
        ProbeRow row = probes.probeRows().get(2);
        assertEquals(new ProbeRow(2, row.digest(), "pets", "example 2"), row);
    }

    @Test
    void withoutNamesAClassIsItsIndex() {
        ClassProbes probes = ClassProbes.builder(THREE).labels(7, 0, 1).build();
        assertEquals("7", probes.responseRows().get(0).text());
    }

    @Test
    void everyClassCanBeAKindOfItsOwn() {
        ClassProbes probes =
                ClassProbes.builder(THREE)
                        .labels(1, 0, 1)
                        .classNames("cat", "dog")
                        .kinds(ClassKinds.EVERY_CLASS)
                        .build();
        assertEquals(
                List.of("label", "cat", "dog"),
                probes.responseRows().subList(3, 6).stream().map(ResponseRow::kind).toList());
        ProbeBatch batch = probes.batches().get(0);
        assertEquals(3, batch.readings().size());
        assertArrayEquals(new int[][] {{1}, {0}, {1}}, batch.readings().get(0).labels().at(1));
        assertArrayEquals(new int[][] {{1}, {1}, {1}}, batch.readings().get(2).labels().at(1));
        assertEquals(new ProbeBatch.RowName(1, "dog"), batch.readings().get(2).names().get(1));
    }

    @Test
    void oneHotRowsAreLabels() {
        INDArray oneHot = Nd4j.createFromArray(new float[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}});
        ClassProbes probes = ClassProbes.builder(THREE).oneHot(oneHot).build();
        assertEquals(
                List.of("1", "2", "0"),
                probes.responseRows().stream().map(ResponseRow::text).toList());
    }

    @Test
    void featuresAreCopiedInBatches() {
        INDArray features = THREE.dup();
        ClassProbes probes = ClassProbes.builder(features).labels(0, 1, 2).batchSize(2).build();
        features.assign(-1);
        assertEquals(2, probes.batches().size());
        assertArrayEquals(
                new double[] {1, 2, 3, 4}, first(probes.batches().get(0)).data().asDouble());
        assertArrayEquals(new double[] {5, 6}, first(probes.batches().get(1)).data().asDouble());
        assertEquals(2, probes.batches().get(1).readings().get(0).names().get(0).probe());
    }

    private static INDArray first(ProbeBatch batch) {
        return batch.input().features().get(0);
    }

    @Test
    void oneLabelOfASequenceSitsAtItsLastPosition() {
        INDArray sequences = Nd4j.ones(3, 2, 4);
        INDArray mask =
                Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}, {1, 1, 1, 1}, {0, 1, 1, 0}});
        ClassProbes probes = ClassProbes.builder(sequences).labels(5, 6, 7).masks(mask).build();
        int no = TokenBatch.IGNORED;
        assertArrayEquals(
                new int[][] {{no, 5, no, no}, {no, no, no, 6}, {no, no, 7, no}},
                probes.batches().get(0).readings().get(0).labels().at(4));
        assertArrayEquals(
                new int[][] {{5}, {6}, {7}},
                probes.batches().get(0).readings().get(0).labels().at(1));
    }

    @Test
    void labelsCanBeGivenForEachPosition() {
        int no = TokenBatch.IGNORED;
        int[][] labels = {{0, 1, no}, {2, no, no}};
        ClassProbes probes =
                ClassProbes.builder(Nd4j.ones(2, 4, 3)).labelsPerPosition(labels).build();
        labels[0][0] = 9;
        assertEquals(new ResponseRow(0, "label", "0 1", 2), probes.responseRows().get(0));
        Labels read = probes.batches().get(0).readings().get(0).labels();
        assertArrayEquals(new int[][] {{0, 1, no}, {2, no, no}}, read.at(3));
        assertEquals(
                "probes have labels for 3 positions, the model gives logits for 1",
                assertThrows(IllegalStateException.class, () -> read.at(1)).getMessage());
    }

    @Test
    void digestChangesWithFeaturesLabelsAndMasks() {
        String digest = ClassProbes.builder(THREE).labels(0, 1, 2).build().digest();
        assertEquals(64, digest.length());
        assertEquals(digest, ClassProbes.builder(THREE.dup('f')).labels(0, 1, 2).build().digest());
        assertNotEquals(digest, ClassProbes.builder(THREE).labels(0, 1, 1).build().digest());
        assertNotEquals(
                digest, ClassProbes.builder(THREE.add(1e-9)).labels(0, 1, 2).build().digest());
        assertNotEquals(
                digest,
                ClassProbes.builder(THREE).labels(0, 1, 2).masks(Nd4j.ones(3, 1)).build().digest());
    }

    @Test
    void serialisedProbesComeBackTheSame() {
        INDArray x = Nd4j.rand(3, 2, 4);
        ClassProbes positions =
                ClassProbes.builder(x)
                        .labelsPerPosition(
                                new int[][] {
                                    {0, 1, 0, 1},
                                    {1, TokenBatch.IGNORED, 0, 0},
                                    {0, 0, 0, TokenBatch.IGNORED}
                                })
                        .masks(Nd4j.ones(3, 4))
                        .batchSize(2)
                        .setName("own")
                        .build();
        ClassProbes everyClass =
                ClassProbes.builder(THREE)
                        .labels(0, 1, 0)
                        .classNames("a", "b")
                        .kinds(ClassKinds.EVERY_CLASS)
                        .build();
        for (ClassProbes probes : List.of(positions, everyClass)) {
            ClassProbes back = SerializationUtils.roundtrip(probes);
            assertEquals(probes.digest(), back.digest());
            assertEquals(probes.probeRows(), back.probeRows());
            assertEquals(probes.responseRows(), back.responseRows());
            assertEquals(
                    probes.batches().stream().map(batch -> batch.input()).toList(),
                    back.batches().stream().map(batch -> batch.input()).toList());
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertMessage("features must hold at least one array, got 0", () -> ClassProbes.builder());
        assertMessage(
                "features must have shape [3, ...], got [2, 2]",
                () -> ClassProbes.builder(THREE, Nd4j.ones(2, 2)));
        assertMessage(
                "masks must have shape [3, ...], got [2, 2]",
                () -> ClassProbes.builder(THREE).masks(Nd4j.ones(2, 2)));
        assertMessage(
                "labels must be one an example (3), got 2",
                () -> ClassProbes.builder(THREE).labels(0, 1));
        assertMessage(
                "label must be in [0, 2), got 2 in row 1",
                () -> ClassProbes.builder(THREE).labels(0, 2, 0).classNames("a", "b").build());
        assertMessage(
                "label must be in [0, 2147483647), got -1 in row 0",
                () -> ClassProbes.builder(THREE).labels(-1, 2, 0).build());
        assertMessage(
                "each example needs a label, row 1 has 0",
                () -> ClassProbes.builder(THREE).labels(0, TokenBatch.IGNORED, 0).build());
        assertMessage(
                "batchSize must be >= 1, got 0", () -> ClassProbes.builder(THREE).batchSize(0));
        assertMessage(
                "oneHot must have exactly one 1 in each row, else 0, got [1.0, 1.0] in row 0",
                () -> ClassProbes.builder(THREE).oneHot(Nd4j.ones(3, 2)));
        assertMessage(
                "oneHot must have exactly one 1 in each row, else 0, got [0.0, 0.0] in row 0",
                () -> ClassProbes.builder(THREE).oneHot(Nd4j.zeros(3, 2)));
        assertMessage(
                "classNames must be unique and other than \"label\", got [label, b]",
                () ->
                        ClassProbes.builder(THREE)
                                .labels(0, 1, 0)
                                .classNames("label", "b")
                                .kinds(ClassKinds.EVERY_CLASS)
                                .build());
        assertMessage(
                "EVERY_CLASS needs one label an example, row 0 has labels for 2 positions",
                () ->
                        ClassProbes.builder(THREE)
                                .labelsPerPosition(new int[][] {{0, 1}, {0, 1}, {0, 1}})
                                .classNames("a", "b")
                                .kinds(ClassKinds.EVERY_CLASS)
                                .build());
        assertEquals(
                "labels must be given before build()",
                assertThrows(IllegalStateException.class, () -> ClassProbes.builder(THREE).build())
                        .getMessage());
        assertEquals(
                "EVERY_CLASS needs classNames, got none",
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        ClassProbes.builder(THREE)
                                                .labels(0, 1, 0)
                                                .kinds(ClassKinds.EVERY_CLASS)
                                                .build())
                        .getMessage());
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
