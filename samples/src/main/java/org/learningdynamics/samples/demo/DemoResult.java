package org.learningdynamics.samples.demo;

import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.series.RecordedRun;

/**
 * What a demo left behind.
 *
 * @param runs the recordings: pretrain, sft, dpo, sft-extended, dpo-extended
 * @param verdicts the paper's claims, tested on them
 * @param report the page
 */
public record DemoResult(List<RecordedRun> runs, List<Verdict> verdicts, Path report) {
    /** Copies the lists. */
    public DemoResult {
        runs = List.copyOf(runs);
        verdicts = List.copyOf(verdicts);
    }
}
