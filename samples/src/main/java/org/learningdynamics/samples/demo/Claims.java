package org.learningdynamics.samples.demo;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.learningdynamics.probe.ResponseKind;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Measure;

/**
 * The paper's claims as tests on recordings. Changes are paired by probe; intervals are 95 %
 * bootstrap intervals of the mean over probes.
 *
 * @param sft recording of supervised fine-tuning
 * @param dpo recording of DPO after it
 * @param dpoExtended recording of DPO after extended supervised fine-tuning
 * @param firstLosses sigmoid loss of the first iteration of both DPO stages (nats)
 * @param scores per held-out prompt: 1 if extended → DPO answers better, 0.5 a tie, else 0
 */
public record Claims(
        LikelihoodTable sft,
        LikelihoodTable dpo,
        LikelihoodTable dpoExtended,
        double[] firstLosses,
        double[] scores) {
    private static final double LN_2_TOLERANCE_NATS = 1e-3;

    /** Responses that do not answer the probe's prompt. */
    private static final Set<String> OFF_PROMPT =
            Set.of(
                    ResponseKind.IRRELEVANT_TRAIN,
                    ResponseKind.IRRELEVANT_TEST,
                    ResponseKind.IRRELEVANT_HUMAN,
                    ResponseKind.RANDOM_PERMUTE,
                    ResponseKind.RANDOM_NON_HUMAN);

    /**
     * Tests every claim.
     *
     * @return one verdict a claim, in order
     */
    public List<Verdict> check() {
        return List.of(lifts(), squeezes(), softens(), wins(), startsAtLn2());
    }

    private Verdict lifts() {
        double[] irrelevant = change(sft, ResponseKind.IRRELEVANT_TRAIN);
        double[] random =
                mean(
                        change(sft, ResponseKind.RANDOM_PERMUTE),
                        change(sft, ResponseKind.RANDOM_NON_HUMAN));
        return new Evidence()
                .above("chosen changes by", change(sft, ResponseKind.CHOSEN))
                .above("chosen_gptsemantic changes by", change(sft, ResponseKind.CHOSEN_SEMANTIC))
                .above("chosen_gptformat changes by", change(sft, ResponseKind.CHOSEN_FORMAT))
                .above("irr_train changes, more than random_*, by", minus(irrelevant, random))
                .verdict('a', "SFT lifts chosen and its paraphrases, and irr_train over random_*");
    }

    private Verdict squeezes() {
        Evidence evidence =
                new Evidence()
                        .below("chosen, from its best to its end,", fallFromBest(dpo))
                        .above(
                                "argmax at chosen's positions changes by",
                                dpo.change(
                                        Measure.ARGMAX_LOG_PROB,
                                        ResponseKind.CHOSEN,
                                        0,
                                        dpo.recordings() - 1));
        for (String kind : dpo.kinds()) {
            if (!kind.equals(ResponseKind.CHOSEN)) {
                if (OFF_PROMPT.contains(kind)) {
                    Interval change = MeanInterval.bootstrap(change(dpo, kind));
                    evidence.told(
                            "     " + kind + " changes by " + Evidence.text(change) + " nats");
                } else {
                    evidence.below(kind + " changes by", change(dpo, kind));
                }
            }
        }
        return evidence.verdict(
                'b', "DPO squeezes: chosen ends below its best, argmax rises, other answers fall");
    }

    private Verdict softens() {
        double[] plain = fallFromBest(dpo);
        double[] extended = fallFromBest(dpoExtended);
        return new Evidence()
                .told("     chosen from its best to its end, plain " + interval(plain))
                .told("     chosen from its best to its end, extended " + interval(extended))
                .above("difference", minus(extended, plain))
                .verdict('c', "extended SFT softens the fall of chosen under DPO");
    }

    private Verdict wins() {
        Interval rate = MeanInterval.bootstrap(scores);
        String line =
                String.format(
                        Locale.ROOT,
                        "win rate %.1f %% [%.1f, %.1f] on %d held-out prompts, ties count half",
                        100 * rate.mean(),
                        100 * rate.low(),
                        100 * rate.high(),
                        rate.count());
        return new Evidence()
                .part(line, rate.low() > 0.5)
                .verdict('d', "the oracle prefers extended → DPO to SFT → DPO");
    }

    private Verdict startsAtLn2() {
        Evidence evidence = new Evidence();
        for (double loss : firstLosses) {
            evidence.part(
                    String.format(Locale.ROOT, "first loss %.6f nats", loss),
                    Math.abs(loss - Math.log(2)) <= LN_2_TOLERANCE_NATS);
        }
        return evidence.verdict('e', "the sigmoid loss starts at ln 2 = 0.693147");
    }

    private static String interval(double[] values) {
        return Evidence.text(MeanInterval.bootstrap(values)) + " nats";
    }

    private static double[] fallFromBest(LikelihoodTable table) {
        int best = KindSeries.of(table, Measure.LOG_PROB, ResponseKind.CHOSEN).best();
        return table.change(Measure.LOG_PROB, ResponseKind.CHOSEN, best, table.recordings() - 1);
    }

    private static double[] change(LikelihoodTable table, String kind) {
        return table.change(Measure.LOG_PROB, kind, 0, table.recordings() - 1);
    }

    private static double[] minus(double[] left, double[] right) {
        double[] difference = left.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= right[i];
        }
        return difference;
    }

    private static double[] mean(double[] left, double[] right) {
        double[] mean = left.clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (mean[i] + right[i]) / 2;
        }
        return mean;
    }
}
