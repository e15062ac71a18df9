package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.measure.TopTokens;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.TokenRow;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One pass over all probes, on the probe thread. */
final class MeasuredProbes {
    private final long step;
    private final TokenDetail detail;
    private final Optional<ProbeDistributions> readers;
    private final FailureLog failures;
    private final List<LikelihoodRow> likelihoods = new ArrayList<>();
    private final List<TokenRow> tokens = new ArrayList<>();
    private final List<DistributionRow> distributions = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final IdentityHashMap<ProbeBatch, Integer> positions = new IdentityHashMap<>();

    MeasuredProbes(
            long step,
            TokenDetail detail,
            Optional<ProbeDistributions> readers,
            FailureLog failures) {
        this.step = step;
        this.detail = detail;
        this.readers = readers;
        this.failures = failures;
    }

    /**
     * Measures every batch; one that fails is noted and the others go on.
     *
     * @param batches what to measure
     * @param forward gives the logits of a batch, which are closed here
     */
    void measure(List<ProbeBatch> batches, Function<ModelInput, INDArray> forward) {
        for (ProbeBatch batch : batches) {
            try {
                measure(batch, forward);
            } catch (Throwable e) {
                failed(batch.rows() + " rows from probe " + firstProbe(batch), e);
            }
        }
    }

    private void measure(ProbeBatch batch, Function<ModelInput, INDArray> forward) {
        try (INDArray logits = forward.apply(batch.input())) {
            if (logits.size(0) % batch.rows() != 0) {
                throw new IllegalStateException(
                        "the model must give logits for each of the "
                                + batch.rows()
                                + " rows of a batch, got "
                                + logits.size(0)
                                + " rows of logits");
            }
            int positions = (int) (logits.size(0) / batch.rows());
            this.positions.put(batch, positions);
            for (ProbeBatch.Reading reading : batch.readings()) {
                int[][] labels = reading.labels().at(positions);
                add(reading.names(), LikelihoodMeasures.measureFlat(logits, labels));
                readers.ifPresent(reader -> read(reader, logits, reading.names(), labels));
            }
        }
    }

    /** Measures packed rows in the same way. */
    void measurePacked(List<PackedProbes> packs, PackedView view) {
        for (PackedProbes pack : packs) {
            try {
                INDArray logits = view.logits(pack.input());
                add(pack.names(), LikelihoodMeasures.measureStacked(logits, pack.labels()));
                readers.ifPresent(
                        reader ->
                                read(
                                        reader,
                                        logits,
                                        pack.names(),
                                        pack.labels().toArray(int[][]::new)));
            } catch (Throwable e) {
                failed(
                        pack.names().size()
                                + " packed responses from probe "
                                + pack.names().get(0).probe(),
                        e);
            }
        }
    }

    /**
     * The logits of each response begin where those of the one before end. What cannot be read is
     * noted; the likelihoods are there already.
     */
    private void read(
            ProbeDistributions reader,
            INDArray logits,
            List<ProbeBatch.RowName> names,
            int[][] labels) {
        try {
            TopTokens top = new TopTokens(logits);
            int start = 0;
            for (int row = 0; row < labels.length; row++) {
                ProbeBatch.RowName name = names.get(row);
                if (reader.wants(name)) {
                    distributions.addAll(reader.read(step, name, top, start, labels[row]));
                }
                start += labels[row].length;
            }
        } catch (Throwable e) {
            failed("distributions of responses from probe " + names.get(0).probe(), e);
        }
    }

    private void add(List<ProbeBatch.RowName> names, List<Likelihood> measured) {
        for (int i = 0; i < names.size(); i++) {
            add(names.get(i), measured.get(i));
        }
    }

    private void add(ProbeBatch.RowName name, Likelihood value) {
        likelihoods.add(row(step, name, value));
        if (detail == TokenDetail.ALL) {
            double[] logProbs = value.tokenLogProbs();
            int[] argmax = value.argmaxTokens();
            for (int t = 0; t < logProbs.length; t++) {
                tokens.add(
                        new TokenRow(step, name.probe(), name.kind(), t, logProbs[t], argmax[t]));
            }
        }
    }

    static LikelihoodRow row(long step, ProbeBatch.RowName name, Likelihood value) {
        return new LikelihoodRow(
                step,
                name.probe(),
                name.kind(),
                value.logProb(),
                value.argmaxLogProb(),
                value.restLogProb(),
                value.peakiness(),
                value.gap(),
                value.energy(),
                value.entropy(),
                value.tokens());
    }

    /** Positions a row of a batch, as the model gave them; empty if it could not be measured. */
    Optional<Integer> positions(ProbeBatch batch) {
        return Optional.ofNullable(positions.get(batch));
    }

    /** Adds something worth knowing of this recording. */
    void add(Event event) {
        events.add(event);
    }

    /** Notes that something could not be measured. */
    void failed(String what, Throwable cause) {
        failures.add(FailureLog.Sort.PROBE, cause);
        events.add(
                new Event(
                        step, Severity.WARNING, "probe_failed", what + " not measured: " + cause));
    }

    private static int firstProbe(ProbeBatch batch) {
        return batch.readings().get(0).names().get(0).probe();
    }

    List<LikelihoodRow> likelihoods() {
        return likelihoods;
    }

    List<TokenRow> tokens() {
        return tokens;
    }

    List<DistributionRow> distributions() {
        return distributions;
    }

    List<Event> events() {
        return events;
    }
}
