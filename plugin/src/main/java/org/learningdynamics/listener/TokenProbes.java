package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;

/**
 * Prompts with responses, watched in a language model whose logits at a position predict the next
 * token. Its input is token ids {@code [B, T]} or another {@link TokenInput}.
 *
 * <p>Rows are put to the model in batches of similar length, right-padded; only response positions
 * are measured. The model must be causal, so that padding on the right changes nothing before it.
 */
public final class TokenProbes extends Probes {
    /** Default of {@link Builder#tokensPerBatch}. */
    public static final int DEFAULT_TOKENS_PER_BATCH = 2048;

    /** Default of {@link Builder#setName}. */
    public static final String DEFAULT_SET_NAME = "probes";

    private final List<EncodedProbeRow> rows;
    private final int paddingId;
    private final int tokensPerBatch;
    private final TokenInput input;

    private TokenProbes(Builder builder, String digest, List<ProbeBatch> batches) {
        super(builder.probeRows(), builder.responseRows(), digest, batches);
        rows = builder.rows;
        paddingId = builder.paddingId;
        tokensPerBatch = builder.tokensPerBatch;
        input = builder.input;
    }

    /**
     * The responses that are in none of some batches, packed by prompt.
     *
     * @param without batches of these probes
     * @return packs whose arrays the caller frees
     * @throws IllegalArgumentException if the model does not take token ids
     */
    List<PackedProbes> packs(List<ProbeBatch> without) {
        if (!input.equals(TokenInput.IDS)) {
            throw new IllegalArgumentException(
                    "packed probes must be token ids, got the input " + input.form());
        }
        Set<ProbeBatch.RowName> names = new HashSet<>();
        without.forEach(
                batch -> batch.readings().forEach(reading -> names.addAll(reading.names())));
        List<EncodedProbeRow> others =
                rows.stream()
                        .filter(
                                row ->
                                        !names.contains(
                                                new ProbeBatch.RowName(row.probe(), row.kind())))
                        .toList();
        return PackedProbes.of(others, paddingId, tokensPerBatch);
    }

    /**
     * Starts with the two things that have no default.
     *
     * @param rows encoded responses, at least one; probe and kind together are unique
     * @param paddingId token id that fills up batches
     * @return a builder
     */
    public static Builder builder(List<EncodedProbeRow> rows, int paddingId) {
        return new Builder(rows, paddingId);
    }

    /** Collects the settings of {@link TokenProbes}. */
    public static final class Builder {
        private final List<EncodedProbeRow> rows;
        private final int paddingId;
        private final Map<Integer, Probe> texts = new HashMap<>();
        private String setName = DEFAULT_SET_NAME;
        private int tokensPerBatch = DEFAULT_TOKENS_PER_BATCH;
        private TokenInput input = TokenInput.IDS;

        private Builder(List<EncodedProbeRow> rows, int paddingId) {
            if (rows.isEmpty()) {
                throw new IllegalArgumentException("rows must hold at least one response, got 0");
            }
            if (paddingId < 0) {
                throw new IllegalArgumentException("paddingId must be >= 0, got " + paddingId);
            }
            this.rows = List.copyOf(rows);
            this.paddingId = paddingId;
        }

        /**
         * The texts that the rows were encoded from, for the run file; without them it holds only
         * ids, kinds and digests.
         *
         * @param probes the probes, by id
         * @return this builder
         */
        public Builder texts(List<Probe> probes) {
            for (Probe probe : probes) {
                texts.put(probe.id(), probe);
            }
            return this;
        }

        /**
         * The name of the set in the run file.
         *
         * @param name the name; default {@value #DEFAULT_SET_NAME}
         * @return this builder
         */
        public Builder setName(String name) {
            this.setName = name;
            return this;
        }

        /**
         * Upper bound of rows times padded length of one forward pass. Its logits are the largest
         * array: {@code tokens · V · 4} bytes in single precision.
         *
         * @param tokens at least 1; default {@value #DEFAULT_TOKENS_PER_BATCH}; a longer row is a
         *     batch of its own
         * @return this builder
         * @throws IllegalArgumentException if tokens is less than 1
         */
        public Builder tokensPerBatch(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("tokensPerBatch must be >= 1, got " + tokens);
            }
            this.tokensPerBatch = tokens;
            return this;
        }

        /**
         * How the model takes its tokens.
         *
         * @param form the input; default {@link TokenInput#IDS}
         * @return this builder
         */
        public Builder input(TokenInput form) {
            this.input = form;
            return this;
        }

        /**
         * Makes the batches.
         *
         * @return the probes
         * @throws IllegalArgumentException if a probe has a kind twice, or a token is not in the
         *     vocabulary of a one-hot input
         */
        public TokenProbes build() {
            requireUnique();
            List<ProbeBatch> batches = new ArrayList<>();
            for (List<EncodedProbeRow> group : groups()) {
                batches.add(batch(group));
            }
            return new TokenProbes(this, digest(rows), batches);
        }

        private void requireUnique() {
            Set<ProbeBatch.RowName> seen = new LinkedHashSet<>();
            for (EncodedProbeRow row : rows) {
                if (!seen.add(new ProbeBatch.RowName(row.probe(), row.kind()))) {
                    throw new IllegalArgumentException(
                            "probe and kind must be unique, got probe "
                                    + row.probe()
                                    + " with kind \""
                                    + row.kind()
                                    + "\" twice");
                }
            }
        }

        /** Longest first: the first batch then makes the session's largest arrays. */
        private List<List<EncodedProbeRow>> groups() {
            List<EncodedProbeRow> sorted = new ArrayList<>(rows);
            sorted.sort(
                    Comparator.comparingInt((EncodedProbeRow row) -> row.encoded().length())
                            .reversed());
            List<List<EncodedProbeRow>> groups = new ArrayList<>();
            int from = 0;
            while (from < sorted.size()) {
                int positions = sorted.get(from).encoded().length() - 1;
                int size = Math.max(1, tokensPerBatch / positions);
                int to = Math.min(sorted.size(), from + size);
                groups.add(sorted.subList(from, to));
                from = to;
            }
            return groups;
        }

        private ProbeBatch batch(List<EncodedProbeRow> group) {
            List<EncodedResponse> encoded = new ArrayList<>();
            List<ProbeBatch.RowName> names = new ArrayList<>();
            for (EncodedProbeRow row : group) {
                encoded.add(row.encoded());
                names.add(new ProbeBatch.RowName(row.probe(), row.kind()));
            }
            TokenBatch tokens = TokenBatch.of(encoded, paddingId);
            Labels labels = Labels.perPosition(tokens.labels());
            return new ProbeBatch(
                    ModelInput.of(input.array(tokens.inputIds())),
                    List.of(new ProbeBatch.Reading(names, labels)));
        }

        private List<ProbeRow> probeRows() {
            Map<Integer, List<EncodedProbeRow>> byProbe = new LinkedHashMap<>();
            for (EncodedProbeRow row : rows) {
                byProbe.computeIfAbsent(row.probe(), id -> new ArrayList<>()).add(row);
            }
            List<ProbeRow> result = new ArrayList<>();
            byProbe.forEach((id, own) -> result.add(probeRow(id, own)));
            return result;
        }

        private ProbeRow probeRow(int id, List<EncodedProbeRow> own) {
            Probe text = texts.get(id);
            return text == null
                    ? new ProbeRow(id, digest(own), setName, "")
                    : new ProbeRow(id, text.digest(), setName, text.prompt());
        }

        private List<ResponseRow> responseRows() {
            List<ResponseRow> result = new ArrayList<>();
            for (EncodedProbeRow row : rows) {
                Probe text = texts.get(row.probe());
                String response = text == null ? "" : text.responses().getOrDefault(row.kind(), "");
                result.add(
                        new ResponseRow(
                                row.probe(), row.kind(), response, row.encoded().responseLength()));
            }
            return result;
        }

        private static String digest(List<EncodedProbeRow> rows) {
            Sha256 sha = new Sha256();
            for (EncodedProbeRow row : rows) {
                sha.add(row.probe(), row.encoded().promptLength())
                        .add(row.kind())
                        .add(row.encoded().tokens());
            }
            return sha.hex();
        }
    }
}
