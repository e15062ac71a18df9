package org.learningdynamics.it.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.learningdynamics.recording.ExampleResponse;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;

/**
 * Writes run files of 500 probes with 12 kinds (a million likelihood rows at 167 recordings) that
 * also hold influences of batches of pairs on every response at every tenth recording and the
 * single tokens of the first and the last one.
 */
final class LargeRunFile {
    static final int PROBES = 500;
    private static final int KINDS = 12;
    private static final int RESPONSES = PROBES * KINDS;
    private static final int BATCH = 16;
    private static final int VOCABULARY = 20_000;
    private static final int EXAMPLES = 5_000;

    private final Random random = new Random(5);
    private final int recordings;
    private final int tokens;

    private LargeRunFile(int recordings, int tokens) {
        this.recordings = recordings;
        this.tokens = tokens;
    }

    /** Writes the file with so many recordings and tokens a response. */
    static Path write(Path file, int recordings, int tokens) {
        new LargeRunFile(recordings, tokens).writeTo(file);
        return file;
    }

    private void writeTo(Path file) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(new ProbeRow(i, "d" + i, "large", "A prompt of fair length. ".repeat(30)));
            for (int k = 0; k < KINDS; k++) {
                String text = "words of an answer ".repeat(15) + i;
                responses.add(new ResponseRow(i, kind(k), text, tokens));
            }
        }
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, RunHeader.builder("large", Instant.EPOCH).build())
                        .probes(probes)
                        .responses(responses)
                        .build()) {
            writeTexts(recorder, responses);
            for (int t = 0; t < recordings; t++) {
                recorder.record(recording(t, responses));
            }
        }
    }

    private static String kind(int k) {
        return k == 0 ? "chosen" : k == 1 ? "rejected" : "kind_" + k;
    }

    private void writeTexts(RunFileRecorder recorder, List<ResponseRow> responses) {
        for (int i = 0; i < EXAMPLES; i++) {
            recorder.record(new ExampleRow(i, "d", "What to answer here? ".repeat(20) + i));
            recorder.record(new ExampleResponse(i, "chosen", "A good answer. ".repeat(20)));
            recorder.record(new ExampleResponse(i, "rejected", "A bad answer. ".repeat(20)));
        }
        for (ResponseRow row : responses) {
            List<Integer> ids = random.ints(tokens, 0, VOCABULARY).boxed().toList();
            recorder.record(new ResponseTokens(row.probe(), row.kind(), ids));
        }
        for (int token = 0; token < VOCABULARY; token++) {
            recorder.record(new TokenText(token, " word" + token));
        }
    }

    private StepRecording recording(int t, List<ResponseRow> responses) {
        List<LikelihoodRow> rows = new ArrayList<>();
        List<TokenRow> single = new ArrayList<>();
        for (ResponseRow one : responses) {
            double value = -50 - 0.02 * t + random.nextGaussian();
            rows.add(
                    new LikelihoodRow(
                            t, one.probe(), one.kind(), value, -20, -30, 12, 0.7, 0.6, 2, tokens));
            if (t == 0 || t == recordings - 1) {
                for (int p = 0; p < tokens; p++) {
                    int argmax = random.nextInt(VOCABULARY);
                    double logProb = -5 * random.nextDouble();
                    single.add(new TokenRow(t, one.probe(), one.kind(), p, logProb, argmax));
                }
            }
        }
        return new StepRecording(
                new StepRow(t, 300L * t, 0, 9000L * t, 1, 1e-3, 1, 30, 200),
                rows,
                single,
                List.of(),
                t % 10 == 1 ? interactions(t, responses) : Interactions.NONE);
    }

    private Interactions interactions(int t, List<ResponseRow> responses) {
        List<ResidualRow> residuals = new ArrayList<>();
        for (int position = 0; position < BATCH; position++) {
            for (String part : List.of("chosen", "rejected")) {
                int example = random.nextInt(EXAMPLES);
                if (part.equals("rejected")) {
                    example = (int) residuals.get(residuals.size() - 1).example();
                }
                residuals.add(new ResidualRow(t, position, part, example, -1, 9, 1, 1, 0.1, 60));
            }
        }
        List<ShiftRow> shifts = new ArrayList<>();
        for (ResponseRow row : responses) {
            double predicted = random.nextGaussian();
            double actual = predicted + 0.1 * random.nextGaussian();
            shifts.add(
                    new ShiftRow(
                            t, row.probe(), row.kind(), predicted, predicted, 0, 0, 0, 0, actual));
        }
        List<InfluenceBlock> blocks = new ArrayList<>();
        for (String layer : List.of("", "embedding", "block0/attention", "block0/mlp", "head")) {
            blocks.add(block(t, layer, ""));
        }
        blocks.add(block(t, "", "chosen"));
        blocks.add(block(t, "", "rejected"));
        return new Interactions(residuals, blocks, List.of(), shifts, List.of(), List.of());
    }

    private InfluenceBlock block(int t, String layer, String part) {
        float[] values = new float[BATCH * RESPONSES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.01 * random.nextGaussian());
        }
        FloatMatrix matrix = FloatMatrix.of(BATCH, RESPONSES, values);
        return new InfluenceBlock(t, layer, part, InfluenceForm.UPDATE, matrix);
    }

    /**
     * Writes the file, if it is not there, and its page, and prints what they take.
     *
     * @param arguments a folder
     * @throws IOException if they cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path run = folder.resolve("large.ldyn");
        if (!Files.exists(run)) {
            long start = System.nanoTime();
            write(run, LargeRun.RECORDINGS, 60);
            System.out.printf("run %d bytes in %.1f s%n", Files.size(run), seconds(start));
        }
        long start = System.nanoTime();
        Path page = folder.resolve("large.html");
        Report.write(List.of(run), page, ReportOptions.DEFAULT);
        System.out.printf("page %d bytes in %.1f s%n", Files.size(page), seconds(start));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
