package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.influence.InteractionSums;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.measure.ResidualMeasures;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.KernelBlock;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.TokenInfluenceRow;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures what one update did to all probe rows, on the probe thread. */
final class InteractionMeasurement {
    private final long step;
    private final InfluenceOptions options;
    private final List<ObservedRows> observed;
    private final MeasuredProbes measured;
    private final Map<ProbeBatch.RowName, Integer> columns = new HashMap<>();
    private final Map<ProbeBatch.RowName, Double> after = new HashMap<>();
    private final Map<ProbeBatch.RowName, Double> withStatistics = new HashMap<>();
    private final List<KernelRow> kernelRows = new ArrayList<>();
    private final List<KernelBlock> kernelBlocks = new ArrayList<>();
    private final List<ShiftRow> shifts = new ArrayList<>();
    private final List<TokenInfluenceRow> tokenRows = new ArrayList<>();
    private List<ResidualRow> residuals = List.of();

    /** Probes must have been measured after the update already. */
    InteractionMeasurement(
            long step,
            InfluenceOptions options,
            Probes probes,
            List<ObservedRows> observed,
            MeasuredProbes measured) {
        this.step = step;
        this.observed = observed;
        this.options = options;
        this.measured = measured;
        probes.responseRows().stream()
                .map(row -> new ProbeBatch.RowName(row.probe(), row.kind()))
                .sorted(
                        Comparator.comparingInt(ProbeBatch.RowName::probe)
                                .thenComparing(ProbeBatch.RowName::kind))
                .forEach(name -> columns.put(name, columns.size()));
        measured.likelihoods()
                .forEach(
                        row ->
                                after.put(
                                        new ProbeBatch.RowName(row.probe(), row.kind()),
                                        row.logProb()));
    }

    /**
     * Measures.
     *
     * @param kernel what is known of the kernel's drift, if the kernel is to be measured
     */
    Interactions measure(GradientView view, LearntUpdate update, Optional<KernelDrift> kernel) {
        view.load(update.parameters());
        LearntUpdate.Pass learnt = update.batch().pass(view);
        try (RowPass rows = learnt.rows();
                GradientInteractions interactions =
                        new GradientInteractions(
                                rows.gradients(),
                                update.scale(),
                                update.updates(),
                                options.form(),
                                options.memoryBytes())) {
            LearntExamples examples =
                    new LearntExamples(rows.gradients().rows(), options.layout(), update.ids());
            InfluenceMatrices matrices =
                    new InfluenceMatrices(examples, interactions.layers(), columns.size(), options);
            for (ObservedRows rowsOfProbes : observed) {
                observe(rowsOfProbes, view, interactions, examples, matrices);
            }
            // Not earlier: where observed rows meet them, learnt rows' own products cost least.
            residuals = residuals(learnt, examples, interactions, update.scale());
            if (!isFinite(interactions.learntNorms())) {
                notFinite("the batch", rows.gradients().nonFiniteParameters());
            }
            kernel.ifPresent(drift -> measureKernel(view, update, learnt, drift));
            addStatistics(view, update);
            return new Interactions(
                    residuals, matrices.blocks(step), tokenRows, shifts, kernelRows, kernelBlocks);
        }
    }

    private void observe(
            ObservedRows some,
            GradientView view,
            GradientInteractions interactions,
            LearntExamples examples,
            InfluenceMatrices matrices) {
        try {
            int[][] labels = labels(some);
            try (RowPass pass = view.observe(some.input(), labels)) {
                InteractionSums sums = interactions.with(pass.gradients());
                if (!isFinite(sums.observedNorms())) {
                    notFinite("probes", pass.gradients().nonFiniteParameters());
                }
                List<Likelihood> before =
                        LikelihoodMeasures.measureFlat(pass.logits(), pass.labelsOf(labels));
                add(some.reading().names(), sums, before, matrices);
            }
            if (options.detail().tokens()) {
                observeTokens(some, labels, view, interactions, examples);
            }
        } catch (Throwable e) {
            measured.failed("influence on " + some.rows() + " rows", e);
        }
    }

    private void measureKernel(
            GradientView view, LearntUpdate update, LearntUpdate.Pass learnt, KernelDrift drift) {
        try {
            kernelRows.addAll(drift.measure(step, observed, this::labels, view));
            if (learnt.residuals().isPresent()) {
                INDArray residuals = learnt.residuals().get();
                KernelMeasurement measurement =
                        new KernelMeasurement(
                                step,
                                options.kernel().orElseThrow(),
                                view,
                                new KernelMeasurement.LearntSide(
                                        update.batch().input(),
                                        LogitSigns.ofResiduals(residuals),
                                        learnt.rows().gradients().rows(),
                                        residuals.dataType()),
                                options.memoryBytes());
                Set<ProbeBatch> seen = Collections.newSetFromMap(new IdentityHashMap<>());
                for (ObservedRows some : observed) {
                    if (seen.add(some.source())) { // other readings have the same logits
                        measurement.measure(some, labels(some));
                    }
                }
                kernelRows.addAll(measurement.rows());
                kernelBlocks.addAll(measurement.blocks());
            }
        } catch (Throwable e) {
            measured.failed("the kernel", e);
        }
    }

    /** What moved although it has no gradient: one more pass, where there is such a thing. */
    private void addStatistics(GradientView view, LearntUpdate update) {
        if (update.statistics().isEmpty()) {
            return;
        }
        Map<String, INDArray> mixed = new HashMap<>(update.parameters());
        mixed.putAll(update.statistics());
        view.load(mixed);
        for (ObservedRows some : observed) {
            int[][] labels = labels(some);
            try (RowPass pass = view.observe(some.input(), labels)) {
                List<Likelihood> moved =
                        LikelihoodMeasures.measureFlat(pass.logits(), pass.labelsOf(labels));
                for (int row = 0; row < moved.size(); row++) {
                    withStatistics.put(some.reading().names().get(row), moved.get(row).logProb());
                }
            }
        }
        shifts.replaceAll(this::withStatistics);
    }

    private ShiftRow withStatistics(ShiftRow shift) {
        ProbeBatch.RowName name = new ProbeBatch.RowName(shift.probe(), shift.kind());
        double moved = withStatistics.getOrDefault(name, Double.NaN);
        double before = after.getOrDefault(name, Double.NaN) - shift.actual();
        return new ShiftRow(
                shift.step(),
                shift.probe(),
                shift.kind(),
                shift.predicted(),
                shift.fromBatch(),
                shift.fromHistory(),
                shift.fromDecay(),
                moved - before,
                shift.unattributed(),
                shift.actual());
    }

    /** Labels for as many positions as the model gave when likelihoods were measured. */
    private int[][] labels(ObservedRows some) {
        int positions =
                measured.positions(some.source())
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "rows must be measured after the update, which"
                                                        + " failed"));
        return some.reading().labels().at(positions);
    }

    private void add(
            List<ProbeBatch.RowName> names,
            InteractionSums sums,
            List<Likelihood> before,
            InfluenceMatrices matrices) {
        double[][] total = sums.total();
        double[] predicted = sums.totalPredicted();
        for (int row = 0; row < names.size(); row++) {
            ProbeBatch.RowName name = names.get(row);
            matrices.add(column(name), sums, row);
            double attributed = Arrays.stream(total[row]).sum();
            boolean terms = options.form() == InfluenceForm.UPDATE;
            double now = after.getOrDefault(name, Double.NaN);
            shifts.add(
                    new ShiftRow(
                            step,
                            name.probe(),
                            name.kind(),
                            predicted[row],
                            sums.fromBatch()[row],
                            sums.fromHistory()[row],
                            sums.fromDecay()[row],
                            0,
                            terms ? sums.fromBatch()[row] - attributed : Double.NaN,
                            now - before.get(row).logProb()));
        }
    }

    private int column(ProbeBatch.RowName name) {
        return Objects.requireNonNull(columns.get(name));
    }

    /** One pass a response token: the k-th of every row at a time. */
    private void observeTokens(
            ObservedRows some,
            int[][] labels,
            GradientView view,
            GradientInteractions interactions,
            LearntExamples examples) {
        TokenTurns turns = new TokenTurns(labels);
        for (int k = 0; k < turns.count(); k++) {
            try (RowPass pass = view.observe(some.input(), turns.labels(k))) {
                double[][] total = interactions.with(pass.gradients()).total();
                for (int row = 0; row < total.length; row++) {
                    if (turns.has(row, k)) {
                        ProbeBatch.RowName name = some.reading().names().get(row);
                        tokenRows.add(
                                new TokenInfluenceRow(
                                        step,
                                        name.probe(),
                                        name.kind(),
                                        k,
                                        examples.sums(total[row])));
                    }
                }
            }
        }
    }

    private List<ResidualRow> residuals(
            LearntUpdate.Pass learnt,
            LearntExamples examples,
            GradientInteractions interactions,
            double scale) {
        if (learnt.residuals().isEmpty()) {
            return List.of();
        }
        ResidualMeasures measures = measures(learnt.rows(), learnt.residuals().get());
        double[] norms = interactions.learntNorms();
        double[] self = examples.selfInfluence(interactions.learntGram());
        List<ResidualRow> rows = new ArrayList<>();
        for (int row = 0; row < examples.rows(); row++) {
            if (examples.isPart(row)) {
                rows.add(
                        new ResidualRow(
                                step,
                                examples.position(row),
                                examples.part(row),
                                examples.id(row),
                                scale * measures.coefficients()[row],
                                measures.aNorms()[row],
                                scale * measures.gNorms()[row],
                                norms[row],
                                self[row],
                                measures.tokens()[row]));
            }
        }
        return rows;
    }

    private static ResidualMeasures measures(RowPass pass, INDArray residuals) {
        int rows = pass.gradients().rows();
        if (pass.positions().isEmpty()) {
            return ResidualMeasures.of(pass.logits(), residuals, rows);
        }
        try (INDArray some = pass.positions().get().rows(residuals)) {
            return ResidualMeasures.of(pass.logits(), some, rows);
        }
    }

    private static boolean isFinite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    private void notFinite(String whose, List<String> parameters) {
        measured.add(
                new Event(
                        step,
                        Severity.WARNING,
                        "gradient_not_finite",
                        "gradients of "
                                + whose
                                + " are not finite, first with respect to "
                                + parameters.stream().limit(3).toList()));
    }
}
