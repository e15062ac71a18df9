package org.learningdynamics.samples.cli;

import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.train.ReferenceMode;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;
import picocli.CommandLine.Option;

/** What preference methods compare the model with. */
final class ReferenceOptions {
    /** Where the reference comes from. */
    enum Source {
        /** The model as the method finds it, computed beforehand. */
        START,
        /** The model without its adapters, computed beforehand. */
        BASE,
        /** A copy of the model as the method finds it, computed batch by batch. */
        LIVE
    }

    @Option(
            names = "--reference",
            defaultValue = "start",
            description =
                    "Reference of preference methods: ${COMPLETION-CANDIDATES}; the model as the"
                            + " method finds it, the same without adapters, or a live copy"
                            + " (default: start).")
    private Source source = Source.START;

    /** Fails before anything is trained. */
    void check(DecoderModel model) {
        if (source == Source.BASE && model.adapters().isEmpty()) {
            throw new IllegalArgumentException(
                    "reference must be start or live without --lora-rank, got base");
        }
    }

    void on(TrainingRun.Builder run, DecoderModel model, TrainingOptions stage) {
        if (!stage.loss().needsReference()) {
            return;
        }
        switch (source) {
            case START -> {}
            case BASE -> run.reference(model.base());
            case LIVE -> run.referenceMode(ReferenceMode.LIVE);
        }
    }
}
