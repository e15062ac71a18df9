package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PackedBatch;
import org.learningdynamics.model.PackedInput;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Responses that go through the model together, those to one prompt in one row.
 *
 * @param input the arrays, made once
 * @param names what the responses are recorded as // [responses]
 * @param labels their tokens // [responses][tokens]
 */
record PackedProbes(PackedInput input, List<ProbeBatch.RowName> names, List<int[]> labels) {
    /** The arrays' length is rounded up to a multiple of this, so that few shapes occur. */
    private static final int LENGTH_MULTIPLE = 16;

    /**
     * Packs by prompt and batches rows of similar length, longest first.
     *
     * @param rows the responses
     * @param paddingId fills up rows
     * @param tokensPerBatch bound of rows times length; a longer prompt with one response is a
     *     batch of its own
     */
    static List<PackedProbes> of(List<EncodedProbeRow> rows, int paddingId, int tokensPerBatch) {
        List<List<EncodedProbeRow>> groups = groups(rows, tokensPerBatch);
        groups.sort(Comparator.comparingInt(PackedProbes::length).reversed());
        int[] lengths = groups.stream().mapToInt(PackedProbes::length).toArray();
        List<PackedProbes> packs = new ArrayList<>();
        int from = 0;
        for (int to : ends(lengths, tokensPerBatch)) {
            packs.add(pack(groups.subList(from, to), paddingId));
            from = to;
        }
        return List.copyOf(packs);
    }

    /** Responses of a row each, in the order of their first ones. */
    static List<List<EncodedProbeRow>> groups(List<EncodedProbeRow> rows, int tokensPerBatch) {
        List<List<EncodedProbeRow>> groups = new ArrayList<>();
        byPrompt(rows).forEach(group -> groups.addAll(split(group, tokensPerBatch)));
        return groups;
    }

    /** Where each batch ends among rows that are sorted, longest first. */
    static List<Integer> ends(int[] lengths, int tokensPerBatch) {
        List<Integer> ends = new ArrayList<>();
        int from = 0;
        while (from < lengths.length) {
            int count = Math.max(1, tokensPerBatch / lengths[from]);
            from = Math.min(lengths.length, from + count);
            ends.add(from);
        }
        return ends;
    }

    /** A probe's responses may have been cut to different prompts. */
    private static List<List<EncodedProbeRow>> byPrompt(List<EncodedProbeRow> rows) {
        Map<List<Integer>, List<EncodedProbeRow>> groups = new LinkedHashMap<>();
        for (EncodedProbeRow row : rows) {
            List<Integer> key = new ArrayList<>(List.of(row.probe()));
            int[] tokens = row.encoded().tokens();
            IntStream.of(Arrays.copyOf(tokens, row.encoded().promptLength())).forEach(key::add);
            groups.computeIfAbsent(key, prompt -> new ArrayList<>()).add(row);
        }
        return List.copyOf(groups.values());
    }

    private static List<List<EncodedProbeRow>> split(
            List<EncodedProbeRow> group, int tokensPerBatch) {
        List<List<EncodedProbeRow>> parts = new ArrayList<>();
        List<EncodedProbeRow> part = new ArrayList<>();
        int length = group.get(0).encoded().promptLength();
        int now = length;
        for (EncodedProbeRow row : group) {
            int more = row.encoded().responseLength() - 1;
            if (!part.isEmpty() && now + more > tokensPerBatch) {
                parts.add(part);
                part = new ArrayList<>();
                now = length;
            }
            part.add(row);
            now += more;
        }
        parts.add(part);
        return parts;
    }

    static int length(List<EncodedProbeRow> group) {
        return PackedBatch.length(responses(group));
    }

    private static List<EncodedResponse> responses(List<EncodedProbeRow> group) {
        return group.stream().map(EncodedProbeRow::encoded).toList();
    }

    static PackedProbes pack(List<List<EncodedProbeRow>> groups, int paddingId) {
        PackedBatch batch =
                PackedBatch.of(
                        groups.stream().map(PackedProbes::responses).toList(),
                        paddingId,
                        LENGTH_MULTIPLE);
        PackedInput input =
                new PackedInput(
                        Nd4j.createFromArray(batch.inputIds()).detach(),
                        Nd4j.createFromArray(batch.positions()).detach(),
                        Nd4j.createFromArray(batch.segments()).detach(),
                        Nd4j.createFromArray(batch.headRows()).detach());
        List<ProbeBatch.RowName> names =
                groups.stream()
                        .flatMap(List::stream)
                        .map(row -> new ProbeBatch.RowName(row.probe(), row.kind()))
                        .toList();
        return new PackedProbes(input, names, batch.labels());
    }
}
