package org.learningdynamics.samples.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.listener.InfluenceDetail;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.KernelOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.train.RunRecording;
import picocli.CommandLine.Option;

/** Options of commands that record who moved whom. */
final class InfluenceSettings {
    @Option(
            names = "--influence",
            arity = "0..1",
            fallbackValue = "sums",
            paramLabel = "DETAIL",
            description =
                    "Also record at each recording which example of the last batch moved which"
                            + " response: ${COMPLETION-CANDIDATES} (alone: sums).")
    private @Nullable InfluenceDetail detail;

    @Option(
            names = "--influence-form",
            paramLabel = "FORM",
            defaultValue = "update",
            description = "What influence means: ${COMPLETION-CANDIDATES} (default: update).")
    private InfluenceForm form = InfluenceForm.UPDATE;

    @Option(
            names = "--influence-probes",
            paramLabel = "N",
            description = "On the first N probes only (default: all).")
    private int probes = Integer.MAX_VALUE;

    @Option(
            names = "--influence-kinds",
            split = ",",
            paramLabel = "KIND",
            description = "On these kinds of responses only (default: all).")
    private List<String> kinds = new ArrayList<>();

    @Option(
            names = "--kernel",
            arity = "0..1",
            fallbackValue = "8",
            paramLabel = "DRAWS",
            description =
                    "Also estimate the kernel from this many random directions at every fifth"
                            + " recording (alone: 8).")
    private @Nullable Integer kernelDraws;

    /** The recording, with influence if it is asked for. */
    RunRecording on(RunRecording recording) {
        if (detail == null) {
            if (kernelDraws != null) {
                throw new IllegalArgumentException("kernel needs --influence, got none");
            }
            return recording;
        }
        InfluenceOptions options =
                InfluenceOptions.defaults()
                        .withForm(form)
                        .withDetail(detail)
                        .withResponses(new ResponseSelection(probes, kinds));
        if (kernelDraws != null) {
            options =
                    options.withKernel(
                            new KernelOptions(
                                    kernelDraws,
                                    KernelOptions.defaults().every(),
                                    KernelOptions.defaults().seed()));
        }
        return recording.withInfluence(options);
    }
}
