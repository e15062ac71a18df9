package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.nd4j.linalg.api.buffer.DataType;

/** Probes packed by prompt are measured as probes of a row a response are. */
class PackedProbesTest {
    private static final int VOCABULARY = 13;
    private static final int KINDS = 5;

    private final DecoderModel model =
            DecoderModel.create(
                    DecoderConfig.builder(VOCABULARY)
                            .width(8)
                            .layers(2)
                            .heads(2)
                            .maxLength(32)
                            .dataType(DataType.DOUBLE)
                            .build());

    @Test
    void everyMeasureIsTheSame() {
        for (int tokens : new int[] {1, 20, 1000}) {
            TokenProbes probes = TokenProbes.builder(rows(), 0).tokensPerBatch(tokens).build();
            assertSame(record(probes, false), record(probes, true));
        }
    }

    @Test
    void onePromptIsOneRowUnlessItGrowsTooLong() {
        TokenProbes probes = TokenProbes.builder(rows(), 0).tokensPerBatch(1000).build();
        List<PackedProbes> whole = probes.packs(List.of());
        assertEquals(1, whole.size());
        assertEquals(4, whole.get(0).input().ids().size(0));
        assertEquals(4 * KINDS, whole.get(0).names().size());
        TokenProbes small = TokenProbes.builder(rows(), 0).tokensPerBatch(10).build();
        List<PackedProbes> parts = small.packs(List.of());
        assertEquals(4 * KINDS, parts.stream().mapToInt(part -> part.names().size()).sum());
        assertTrue(parts.size() > 4, "parts " + parts.size());
    }

    @Test
    void responsesInOtherBatchesAreLeftOut() {
        TokenProbes probes = TokenProbes.builder(rows(), 0).tokensPerBatch(20).build();
        List<ProbeBatch> some = probes.batches().subList(0, 2);
        int left = 4 * KINDS - some.stream().mapToInt(ProbeBatch::rows).sum();
        assertEquals(left, probes.packs(some).stream().mapToInt(pack -> pack.names().size()).sum());
    }

    @Test
    void observedResponsesGoARowEach() {
        TokenProbes probes = TokenProbes.builder(rows(), 0).tokensPerBatch(20).build();
        InfluenceOptions influence =
                InfluenceOptions.defaults()
                        .withForm(InfluenceForm.DOT)
                        .withResponses(new ResponseSelection(1, List.of("kind0")));
        ProbePass pass =
                ProbePass.packed(probes, model.packedView(), java.util.Optional.of(influence));
        assertEquals(1, pass.batches().size());
        assertTrue(
                pass.batches().get(0).readings().get(0).names().stream()
                        .anyMatch(name -> name.equals(new ProbeBatch.RowName(0, "kind0"))));
        assertEquals(
                4 * KINDS - pass.batches().get(0).rows(),
                pass.packs().stream().mapToInt(pack -> pack.names().size()).sum());
        pass.close();
        assertTrue(pass.packs().stream().allMatch(pack -> pack.input().ids().wasClosed()));
    }

    @Test
    void otherInputsThanIdsAreRefused() {
        TokenProbes probes =
                TokenProbes.builder(rows(), 0).input(TokenInput.oneHot(VOCABULARY)).build();
        assertEquals(
                "packed probes must be token ids, got the input ONE_HOT_CHANNELS_FIRST",
                assertThrows(IllegalArgumentException.class, () -> probes.packs(List.of()))
                        .getMessage());
    }

    private List<LikelihoodRow> record(TokenProbes probes, boolean isPacked) {
        ListRecorder recorder = new ListRecorder();
        SameDiffDynamicsListener.Builder builder =
                SameDiffDynamicsListener.builder(model.graph())
                        .logits(DecoderModel.LOGITS_2D)
                        .probes(probes)
                        .recorder(recorder);
        if (isPacked) {
            builder.packed(model.packedView());
        }
        try (SameDiffDynamicsListener listener = builder.build()) {
            listener.recordNow();
            assertEquals(0, listener.failures().total());
        }
        return recorder.steps().get(0).likelihoods();
    }

    private static void assertSame(List<LikelihoodRow> expected, List<LikelihoodRow> actual) {
        assertEquals(4 * KINDS, expected.size());
        assertEquals(expected.size(), actual.size());
        for (LikelihoodRow row : expected) {
            LikelihoodRow other =
                    actual.stream()
                            .filter(r -> r.probe() == row.probe() && r.kind().equals(row.kind()))
                            .findFirst()
                            .orElseThrow();
            assertEquals(row.tokens(), other.tokens());
            assertArrayEquals(values(row), values(other), 1e-9);
        }
    }

    private static double[] values(LikelihoodRow row) {
        return new double[] {
            row.logProb(),
            row.argmaxLogProb(),
            row.restLogProb(),
            row.peakiness(),
            row.gap(),
            row.energy(),
            row.entropy()
        };
    }

    /** Four prompts of different length with five responses each. */
    private static List<EncodedProbeRow> rows() {
        Random random = new Random(2);
        List<EncodedProbeRow> rows = new ArrayList<>();
        for (int probe = 0; probe < 4; probe++) {
            int[] prompt = random.ints(1 + 2 * probe, 0, VOCABULARY).toArray();
            for (int kind = 0; kind < KINDS; kind++) {
                int[] tokens = Arrays.copyOf(prompt, prompt.length + 1 + (kind + probe) % 4);
                for (int t = prompt.length; t < tokens.length; t++) {
                    tokens[t] = random.nextInt(VOCABULARY);
                }
                EncodedResponse encoded = new EncodedResponse(tokens, prompt.length);
                rows.add(new EncodedProbeRow(probe, "kind" + kind, encoded));
            }
        }
        return rows;
    }
}
