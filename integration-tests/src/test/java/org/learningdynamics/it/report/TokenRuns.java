package org.learningdynamics.it.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;

/**
 * Run files of three probes whose responses share their first token "so": then "yes" (chosen) or
 * "no" (rejected), then the end. At the second position "yes" falls from 0.4 to 0.1, "no" from 0.2
 * to 0.05, and the likeliest token is "yes" before and "well" after. Where distributions are asked
 * for, they say that "well" rises from 0.1 to 0.6 there, and that "hm" has 0.2 in the end.
 */
final class TokenRuns {
    static final int RECORDINGS = 3;

    private static final int SO = 5;
    private static final int YES = 6;
    private static final int NO = 7;
    private static final int END = 8;
    private static final int WELL = 9;
    private static final int HM = 10;
    private static final Map<String, Integer> SECOND = Map.of("chosen", YES, "rejected", NO);

    private TokenRuns() {}

    /** What is recorded beside likelihoods. */
    enum Detail {
        SUMS,
        TOKENS,
        DISTRIBUTIONS
    }

    static Path write(Path path, Detail detail, String hostile) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < 3; probe++) {
            probes.add(new ProbeRow(probe, "d" + probe, "set", "question " + probe + hostile));
            for (String kind : List.of("chosen", "rejected")) {
                responses.add(new ResponseRow(probe, kind, "so " + kind + hostile, 3));
            }
        }
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(path, RunHeader.builder("talk", Instant.EPOCH).build())
                        .probes(probes)
                        .responses(responses)
                        .build()) {
            if (detail != Detail.SUMS) {
                word(recorder, responses, hostile);
            }
            for (int step = 0; step < RECORDINGS; step++) {
                recorder.record(recording(step, responses, detail));
            }
        }
        return path;
    }

    private static void word(
            RunFileRecorder recorder, List<ResponseRow> responses, String hostile) {
        for (ResponseRow row : responses) {
            int second = SECOND.getOrDefault(row.kind(), NO);
            recorder.record(new ResponseTokens(row.probe(), row.kind(), List.of(SO, second, END)));
        }
        Map.of(SO, "so" + hostile, YES, " yes", NO, " no", END, "⟨end⟩", WELL, " well", HM, " hm")
                .forEach((token, text) -> recorder.record(new TokenText(token, text)));
    }

    /** Probability of the token at a position: 0.9, then what the class says, then 0.5. */
    private static double p(int step, String kind, int position) {
        double part = step / (RECORDINGS - 1.0);
        double start = kind.equals("chosen") ? 0.4 : 0.2;
        return position == 0 ? 0.9 : position == 1 ? start * (1 - 0.75 * part) : 0.5;
    }

    private static List<DistributionRow> distribution(int step, ResponseRow one) {
        Map<Integer, Double> all = new TreeMap<>();
        all.put(YES, p(step, "chosen", 1));
        all.put(NO, p(step, "rejected", 1));
        all.put(WELL, 0.1 + 0.25 * step);
        if (step == RECORDINGS - 1) {
            all.put(HM, 0.2);
        }
        List<DistributionRow> rows = new ArrayList<>();
        rows.add(new DistributionRow(step, one.probe(), one.kind(), 0, SO, Math.log(0.9)));
        all.forEach(
                (token, p) ->
                        rows.add(
                                new DistributionRow(
                                        step, one.probe(), one.kind(), 1, token, Math.log(p))));
        return rows;
    }

    private static StepRecording recording(int step, List<ResponseRow> responses, Detail detail) {
        List<LikelihoodRow> likelihoods = new ArrayList<>();
        List<TokenRow> rows = new ArrayList<>();
        List<DistributionRow> distributions = new ArrayList<>();
        for (ResponseRow one : responses) {
            double sum = 0;
            if (detail == Detail.DISTRIBUTIONS) {
                distributions.addAll(distribution(step, one));
            }
            for (int position = 0; position < 3; position++) {
                double value = Math.log(p(step, one.kind(), position));
                sum += value;
                int second = step < RECORDINGS - 1 ? YES : WELL;
                int argmax = position == 0 ? SO : position == 1 ? second : END;
                rows.add(new TokenRow(step, one.probe(), one.kind(), position, value, argmax));
            }
            likelihoods.add(
                    new LikelihoodRow(
                            step,
                            one.probe(),
                            one.kind(),
                            sum,
                            3 * Math.log(0.5 + 0.2 * step),
                            3 * Math.log(0.5 - 0.2 * step),
                            1,
                            1,
                            1,
                            1,
                            3));
        }
        StepRow row = new StepRow(step, 10L * step, 0, step, 1, 0.1, 1, 10, 1);
        List<TokenRow> tokens = detail == Detail.SUMS ? List.of() : rows;
        return new StepRecording(
                row, likelihoods, tokens, distributions, List.of(), Interactions.NONE);
    }
}
