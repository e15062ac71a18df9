package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.LikelihoodRow;

/**
 * The pieces of a listener's pass over packed responses, for programs that spread one over
 * machines: the same groups in the same passes give the same numbers, bit for bit, on the same kind
 * of processor and number of threads.
 */
public final class PackedLikelihoods {
    private PackedLikelihoods() {}

    /**
     * Groups responses that go through the model in one row: those to one prompt, as far as a pass
     * takes them.
     *
     * @param rows responses of one probe or several
     * @param tokensPerBatch bound of a row's length; a longer prompt with one response is a row all
     *     the same
     * @return the groups, in the order of their first responses
     */
    public static List<List<EncodedProbeRow>> groups(
            List<EncodedProbeRow> rows, int tokensPerBatch) {
        return List.copyOf(PackedProbes.groups(rows, tokensPerBatch));
    }

    /**
     * Length of the row that a group makes.
     *
     * @param group of {@link #groups}
     * @return tokens
     */
    public static int length(List<EncodedProbeRow> group) {
        return PackedProbes.length(group);
    }

    /**
     * Which groups go through the model together: neighbours, as many as fit.
     *
     * @param lengths lengths of all groups, longest first
     * @param tokensPerBatch bound of rows times longest row of a pass
     * @return where each pass ends, the place behind its last group
     */
    public static List<Integer> passes(int[] lengths, int tokensPerBatch) {
        return PackedProbes.ends(lengths, tokensPerBatch);
    }

    /**
     * One pass.
     *
     * @param step the recording that the rows are of
     * @param groups what goes through the model together
     * @param paddingId fills up rows
     * @param view the model, refreshed before
     * @return one row a response, groups in order
     */
    public static List<LikelihoodRow> measure(
            long step, List<List<EncodedProbeRow>> groups, int paddingId, PackedView view) {
        PackedProbes pack = PackedProbes.pack(groups, paddingId);
        try (var input = pack.input()) {
            List<Likelihood> measured =
                    LikelihoodMeasures.measureStacked(view.logits(input), pack.labels());
            List<LikelihoodRow> rows = new ArrayList<>();
            for (int i = 0; i < measured.size(); i++) {
                rows.add(MeasuredProbes.row(step, pack.names().get(i), measured.get(i)));
            }
            return rows;
        }
    }
}
