package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.ResponsesExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.listener.PackedLikelihoods;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;

/**
 * What a line of a probe file holds.
 *
 * @param line its number, which is the probe's id
 * @param fault what is wrong with it and where, empty if nothing is
 * @param digest the probe's digest
 * @param prompt the probe's prompt
 * @param texts of the responses, in the order of the file
 * @param groups responses as tokens, those of a row together
 */
record ReadProbe(
        int line,
        String fault,
        String digest,
        String prompt,
        ArrayList<String> texts,
        ArrayList<ArrayList<EncodedProbeRow>> groups)
        implements Serializable {
    static ReadProbe bad(int line, String fault) {
        return new ReadProbe(line, fault, "", "", new ArrayList<>(), new ArrayList<>());
    }

    /** Nothing for a blank line. */
    static List<ReadProbe> of(
            JsonLines reader,
            SequenceEncoder encoder,
            int tokensPerBatch,
            String file,
            long number,
            byte[] bytes) {
        int line = Math.toIntExact(number);
        try {
            return reader
                    .responses(file, number, bytes)
                    .map(example -> of(example, line, encoder, tokensPerBatch))
                    .stream()
                    .toList();
        } catch (DataException e) {
            return List.of(bad(line, String.valueOf(e.getMessage())));
        }
    }

    private static ReadProbe of(
            ResponsesExample example, int line, SequenceEncoder encoder, int tokensPerBatch) {
        Probe probe = new Probe(line, example.digest(), example.prompt(), example.responses());
        List<EncodedProbeRow> rows =
                EncodedProbes.encode(new ProbeSet("", List.of(probe)), encoder);
        ArrayList<ArrayList<EncodedProbeRow>> groups = new ArrayList<>();
        PackedLikelihoods.groups(rows, tokensPerBatch)
                .forEach(group -> groups.add(new ArrayList<>(group)));
        ArrayList<String> texts = new ArrayList<>(probe.responses().values());
        return new ReadProbe(line, "", probe.digest(), probe.prompt(), texts, groups);
    }

    boolean isBad() {
        return !fault.isEmpty();
    }

    /** Probe, part of it, and length of each row. */
    List<int[]> lengths() {
        List<int[]> lengths = new ArrayList<>();
        for (int part = 0; part < groups.size(); part++) {
            int length = PackedLikelihoods.length(List.copyOf(groups.get(part)));
            lengths.add(new int[] {line, part, length});
        }
        return lengths;
    }

    ProbeRow probeRow(String setName) {
        return new ProbeRow(line, digest, setName, prompt);
    }

    List<ResponseRow> responseRows() {
        List<ResponseRow> rows = new ArrayList<>();
        for (List<EncodedProbeRow> group : groups) {
            for (EncodedProbeRow row : group) {
                int tokens = row.encoded().responseLength();
                rows.add(new ResponseRow(line, row.kind(), texts.get(rows.size()), tokens));
            }
        }
        return rows;
    }
}
