package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

/** What a page holds of single tokens and of masses, against what was recorded. */
class TokenSectionTest {
    private static final int TOKENS = 5;

    @TempDir Path folder;

    /** Tokens of a recorded distribution. */
    private int spread;

    /** Log-probability of a token: falls with the position and rises with the recording. */
    private static double logProb(int step, int probe, int position) {
        return -0.1 - position - 0.3 * probe + 0.01 * step;
    }

    private static int argmax(int step, int position) {
        return position == 2 && step > 0 ? 77 : 10 + position;
    }

    private Path write(int probes, int recordings, boolean wording) {
        Path file = folder.resolve("run.ldyn");
        List<ProbeRow> rows = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < probes; probe++) {
            rows.add(new ProbeRow(probe, "d" + probe, "set", "q"));
            responses.add(new ResponseRow(probe, "chosen", "a", TOKENS));
        }
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, RunHeader.builder("run", Instant.EPOCH).build())
                        .probes(rows)
                        .responses(responses)
                        .build()) {
            if (wording) {
                word(recorder, probes);
            }
            for (int step = 0; step < recordings; step++) {
                recorder.record(recording(step, probes));
            }
        }
        return file;
    }

    private static void word(RunFileRecorder recorder, int probes) {
        for (int probe = 0; probe < probes; probe++) {
            recorder.record(new ResponseTokens(probe, "chosen", List.of(10, 11, 12, 13, 14)));
        }
        for (int token : new int[] {10, 11, 12, 13, 14, 77, 99}) {
            recorder.record(new TokenText(token, "word " + token));
        }
    }

    /** Token 20 + i has the share (i + 1) / 100 at every position. */
    private List<DistributionRow> distribution(int step, int probe) {
        List<DistributionRow> rows = new ArrayList<>();
        for (int i = 0; i < TOKENS * spread; i++) {
            int token = i % spread;
            double p = (token + 1 + step) / 100.0;
            rows.add(
                    new DistributionRow(
                            step, probe, "chosen", i / spread, 20 + token, Math.log(p)));
        }
        return rows;
    }

    private StepRecording recording(int step, int probes) {
        List<LikelihoodRow> likelihoods = new ArrayList<>();
        List<TokenRow> tokens = new ArrayList<>();
        List<DistributionRow> distributions = new ArrayList<>();
        for (int probe = 0; probe < probes; probe++) {
            distributions.addAll(distribution(step, probe));
            double sum = 0;
            for (int t = 0; t < TOKENS; t++) {
                double value = logProb(step, probe, t);
                sum += value;
                tokens.add(new TokenRow(step, probe, "chosen", t, value, argmax(step, t)));
            }
            likelihoods.add(
                    new LikelihoodRow(
                            step, probe, "chosen", sum, sum / 2, 3 * sum, 1, 1, 1, 1, TOKENS));
        }
        StepRow row = new StepRow(step, 10L * step, 0, step, 1, 0.1, 1, 10, 1);
        return new StepRecording(
                row, likelihoods, tokens, distributions, List.of(), Interactions.NONE);
    }

    private ReportPage page(Path file, ReportOptions options) throws Exception {
        Path out = folder.resolve("report.html");
        Report.write(List.of(file), out, options);
        return new ReportPage(Files.readString(out));
    }

    private static int[] unpack(String text, int width) {
        int[] values = new int[text.length() / width];
        for (int i = 0; i < text.length(); i++) {
            values[i / width] =
                    values[i / width] * Packed.BASE + Packed.alphabet().indexOf(text.charAt(i));
        }
        return values;
    }

    @Test
    void tokensOfTheFirstAndTheLastRecordingAreThoseRecorded() throws Exception {
        ReportPage page = page(write(3, 30, true), ReportOptions.DEFAULT);
        JsonObject run = page.at("tokens", "runs", 0).getAsJsonObject();
        assertEquals(TokenSection.MAX_RECORDINGS, run.get("x").getAsJsonArray().size());
        assertEquals(290, run.get("x").getAsJsonArray().get(11).getAsLong());
        JsonObject chosen =
                run.getAsJsonObject("probes").getAsJsonObject("2").getAsJsonObject("chosen");
        for (int at : new int[] {0, 11}) {
            int step = at == 0 ? 0 : 29;
            int[] codes = unpack(chosen.getAsJsonArray("lp").get(at).getAsString(), 2);
            int[] likeliest = unpack(chosen.getAsJsonArray("am").get(at).getAsString(), 2);
            assertEquals(TOKENS, codes.length);
            for (int t = 0; t < TOKENS; t++) {
                double shown = -codes[t] * TokenSection.STEP;
                assertEquals(logProb(step, 2, t), shown, TokenSection.STEP / 2 + 1e-12);
                String word = run.getAsJsonArray("words").get(likeliest[t]).getAsString();
                assertEquals("word " + argmax(step, t), word);
            }
        }
        int[] tokens = unpack(chosen.get("t").getAsString(), 2);
        assertEquals("word 13", run.getAsJsonArray("words").get(tokens[3]).getAsString());
        assertFalse(run.get("words").toString().contains("99"), "only tokens that are named");
    }

    @Test
    void distributionsOfDrawnRecordingsAreThoseRecorded() throws Exception {
        spread = 3;
        ReportPage page = page(write(2, 30, true), ReportOptions.DEFAULT);
        JsonObject run = page.at("tokens", "runs", 0).getAsJsonObject();
        assertFalse(run.get("cut").getAsBoolean());
        JsonObject top =
                page.at("tokens", "runs", 0, "probes", "1", "chosen", "top").getAsJsonObject();
        assertEquals(TokenSection.MAX_RECORDINGS, top.size());
        assertEquals(TOKENS, top.getAsJsonArray("11").size());
        String packed = top.getAsJsonArray("11").get(4).getAsString();
        List<Integer> ids = new ArrayList<>();
        for (int word : unpack(packed.substring(0, 6), 2)) {
            ids.add(run.getAsJsonArray("ids").get(word).getAsInt());
        }
        assertEquals(List.of(22, 21, 20), ids);
        int[] codes = unpack(packed.substring(6), 2);
        assertEquals(Math.log(32 / 100.0), -codes[0] * TokenSection.STEP, TokenSection.STEP);
        assertEquals(Math.log(30 / 100.0), -codes[2] * TokenSection.STEP, TokenSection.STEP);
    }

    @Test
    void tooManyDistributionsLeaveTheFirstAndTheLast() throws Exception {
        spread = 1500;
        ReportPage page = page(write(35, 3, false), ReportOptions.DEFAULT);
        assertTrue(page.at("tokens", "runs", 0, "cut").getAsBoolean());
        assertEquals(
                "[0, 2]",
                page.at("tokens", "runs", 0, "probes", "1", "chosen", "top")
                        .getAsJsonObject()
                        .keySet()
                        .toString());
        assertTrue(page.html().length() < 5_000_000, () -> "" + page.html().length());
    }

    @Test
    void withoutWordingThereAreIdsAlone() throws Exception {
        ReportPage page = page(write(2, 2, false), ReportOptions.DEFAULT);
        JsonObject run = page.at("tokens", "runs", 0).getAsJsonObject();
        assertEquals("[]", run.get("words").toString());
        assertEquals("[10,11,12,13,14,77]", run.get("ids").toString());
        assertEquals("", page.at("tokens", "runs", 0, "probes", "1", "chosen", "t").getAsString());
    }

    @Test
    void wordsAreLeftOutWithTexts() throws Exception {
        ReportPage page = page(write(2, 2, true), ReportOptions.DEFAULT.texts(TextUse.LEFT_OUT));
        assertFalse(page.html().contains("word 1"));
        assertEquals("[]", page.at("tokens", "runs", 0, "words").toString());
    }

    @Test
    void onlyShownProbesHaveTokens() throws Exception {
        ReportPage page = page(write(9, 2, true), ReportOptions.DEFAULT.maxProbes(3));
        JsonObject probes = page.at("tokens", "runs", 0, "probes").getAsJsonObject();
        assertEquals("[0, 1, 2]", probes.keySet().toString());
        int id = page.at("probes", "list", 1, "id").getAsInt();
        int[] codes =
                unpack(
                        probes.getAsJsonObject("1")
                                .getAsJsonObject("chosen")
                                .getAsJsonArray("lp")
                                .get(0)
                                .getAsString(),
                        2);
        assertEquals(logProb(0, id, 0), -codes[0] * TokenSection.STEP, TokenSection.STEP);
    }

    @Test
    void notANumberAndVerySmallHaveCodesOfTheirOwn() {
        assertEquals(8099, TokenSection.code(Double.NaN));
        assertEquals(8098, TokenSection.code(Double.NEGATIVE_INFINITY));
        assertEquals(8098, TokenSection.code(-1e9));
        assertEquals(0, TokenSection.code(0));
        assertEquals(200, TokenSection.code(-1));
    }

    @Test
    void packedNumbersComeBack() {
        int[] numbers = {0, 1, 89, 90, 8099};
        String text = Packed.of(numbers, 2);
        assertEquals(10, text.length());
        assertEquals(List.of(0, 1, 89, 90, 8099), boxed(unpack(text, 2)));
        assertTrue(Packed.alphabet().chars().noneMatch(c -> "\"\\<>&".indexOf(c) >= 0));
        assertEquals(90, Packed.alphabet().chars().distinct().count());
        for (int wrong : new int[] {8100, -1}) {
            Exception e =
                    assertThrows(
                            IllegalArgumentException.class, () -> Packed.of(new int[] {wrong}, 2));
            assertEquals("packed numbers must fit 2 characters, got " + wrong, e.getMessage());
        }
    }

    private static List<Integer> boxed(int[] values) {
        List<Integer> boxed = new ArrayList<>();
        for (int value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    @Test
    void massesArePooledOverTheTokensOfAllProbes() throws Exception {
        ReportPage page = page(write(3, 4, false), ReportOptions.DEFAULT);
        double sum = 0;
        for (int probe = 0; probe < 3; probe++) {
            for (int t = 0; t < TOKENS; t++) {
                sum += logProb(3, probe, t);
            }
        }
        Object[] at = {"masses", 0, "pooled", "chosen", 1};
        assertEquals(
                sum / (3 * TOKENS),
                page.at(at[0], at[1], at[2], at[3], at[4], 0).getAsDouble(),
                1e-5);
        assertEquals(
                sum / 2 / (3 * TOKENS),
                page.at(at[0], at[1], at[2], at[3], at[4], 1).getAsDouble(),
                1e-5);
        assertEquals(
                3 * sum / (3 * TOKENS),
                page.at(at[0], at[1], at[2], at[3], at[4], 2).getAsDouble(),
                1e-4);
        double own = 0;
        for (int t = 0; t < TOKENS; t++) {
            own += logProb(0, 2, t) / TOKENS;
        }
        assertEquals(own, page.at("masses", 0, "probes", "2", "chosen", 0, 0).getAsDouble(), 1e-5);
        assertEquals(
                "[{\"run\":\"run\",\"iteration\":0},{\"run\":\"run\",\"iteration\":30}]",
                page.at("masses", 0, "at").toString());
        assertFalse(page.at("masses", 0, "single").getAsBoolean());
    }
}
