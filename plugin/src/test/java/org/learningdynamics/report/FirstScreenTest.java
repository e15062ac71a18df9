package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

/** The sentences of the first screen say what the numbers of made-up runs say, and nothing else. */
class FirstScreenTest {
    /** Numbers without spread, so that every interval is a point. */
    private static SyntheticRun sft() {
        return SyntheticRun.of("sft", 6, 20)
                .kind("chosen", (t, i) -> -50 + 2 * t)
                .kind("rejected", (t, i) -> -60 + t)
                .kind("random_permute", (t, i) -> -90 - 0.5 * t)
                .header("stage", "sft");
    }

    private static SyntheticRun squeezing(String name) {
        return SyntheticRun.of(name, 8, 20)
                .kind("chosen", (t, i) -> t <= 2 ? -40 + t : -38 - (t - 2))
                .kind("rejected", (t, i) -> -55 - 3 * t)
                .kind("irr_hum", (t, i) -> -70 + 0.25 * t)
                .argmax((t, i) -> -20 + 0.5 * t)
                .header("stage", "dpo");
    }

    private static JsonElement first(RecordedRun... runs) {
        return new ReportPage(Report.html(List.of(runs), ReportOptions.DEFAULT)).at("first");
    }

    private static List<String> texts(JsonElement sentences) {
        List<String> texts = new ArrayList<>();
        sentences
                .getAsJsonArray()
                .forEach(one -> texts.add(one.getAsJsonObject().get("text").getAsString()));
        return texts;
    }

    private static List<String> texts(JsonElement first, String part) {
        return texts(first.getAsJsonObject().get(part));
    }

    private static String headline(JsonElement first, String key) {
        return first.getAsJsonObject().getAsJsonObject("headline").get(key).getAsString();
    }

    private static List<String> story(JsonElement first, int run) {
        return texts(
                first.getAsJsonObject()
                        .getAsJsonArray("stories")
                        .get(run)
                        .getAsJsonObject()
                        .get("sentences"));
    }

    private static String story(JsonElement first, int run, String key) {
        return first.getAsJsonObject()
                .getAsJsonArray("stories")
                .get(run)
                .getAsJsonObject()
                .get(key)
                .getAsString();
    }

    @Test
    void headlineNamesRunsOnsetAndWhatStillRises() {
        JsonElement first = first(squeezing("dpo").build());
        assertEquals(
                "dpo (from iteration 100) squeezes: chosen falls with rejected while the likeliest"
                        + " tokens rise.",
                headline(first, "text"));
        assertEquals("In dpo 1 of 3 kinds still rise (irr_hum).", headline(first, "detail"));
        assertEquals("warning", headline(first, "tone"));
        assertEquals("squeezing", headline(first, "anchor"));
    }

    @Test
    void severalRunsShareAHeadline() {
        JsonElement first = first(squeezing("a").build(), squeezing("b").header("x", "y").build());
        String text = headline(first, "text");
        assertTrue(
                text.startsWith("a (from iteration 100) and b (from iteration 100) squeeze: "),
                text);
    }

    @Test
    void squeezingIsToldWithItsSpanAndNumbers() {
        JsonElement first = first(squeezing("dpo").build());
        assertEquals("squeezing", story(first, 0, "badge"));
        assertEquals(
                List.of(
                        "From iteration 100 to 700 dpo lowers chosen (-4.00 [-4.00, -4.00] nats) and"
                                + " rejected (-18.00 [-18.00, -18.00]), while the likeliest tokens"
                                + " at its positions rise (+3.00 [+3.00, +3.00]): squeezing.",
                        "1 of 3 kinds rises (irr_hum +1.75), 2 fall (rejected -21.00, chosen"
                                + " -3.00).",
                        "Chosen minus rejected goes from +15.00 to +33.00 (+18.00 [+18.00,"
                                + " +18.00])."),
                story(first, 0));
    }

    @Test
    void saysWhereToStopAndWhatToTry() {
        List<String> actions = texts(first(squeezing("dpo").build()), "actions");
        assertTrue(
                actions.get(0).startsWith("dpo: try supervised fine-tuning on the rejected"),
                actions::toString);
        assertEquals(
                "dpo: take the state of iteration 200, where chosen was highest (-5.00 [-5.00,"
                        + " -5.00] nats since), or stop there.",
                actions.get(1));
        assertEquals(2, actions.size(), actions::toString);
    }

    @Test
    void noEarlierStateIsAdvisedWhereTheStartWasBest() {
        RecordedRun run = SyntheticRun.of("dpo", 6, 20).kind("chosen", (t, i) -> -40 - t).build();
        List<String> actions = texts(first(run), "actions");
        assertTrue(
                actions.contains(
                        "dpo: no recorded state keeps chosen as likely as at its start (-5.00"
                                + " [-5.00, -5.00] nats since); read generated answers before you"
                                + " prefer its end."),
                actions::toString);
    }

    @Test
    void displacementIsNotCalledSqueezing() {
        RecordedRun run =
                SyntheticRun.of("dpo", 6, 20)
                        .kind("chosen", (t, i) -> -40 - t)
                        .argmax((t, i) -> -20 - 0.5 * t)
                        .build();
        JsonElement first = first(run);
        assertEquals("dpo (from iteration 0) lowers the chosen answers.", headline(first, "text"));
        assertEquals("In dpo no kind rises.", headline(first, "detail"));
        assertEquals("displacement", story(first, 0, "badge"));
        assertTrue(
                story(first, 0).get(0).endsWith("fall too (-2.50 [-2.50, -2.50]): displacement."),
                story(first, 0).get(0));
    }

    @Test
    void healthyTrainingIsToldWithWhatWentAlong() {
        JsonElement first = first(sft().build());
        assertEquals(
                "No alarm. sft raises chosen by 10.00 nats a response.", headline(first, "text"));
        assertEquals("good", headline(first, "tone"));
        assertEquals("no alarm", story(first, 0, "badge"));
        assertEquals(
                List.of(
                        "sft raises chosen (+10.00 [+10.00, +10.00] nats); it is highest at the"
                                + " end.",
                        "2 of 3 kinds rise (chosen +10.00, rejected +5.00), 1 falls"
                                + " (random_permute -2.50).",
                        "Rejected rose by 50 % of what chosen did."),
                story(first, 0));
        assertEquals(
                List.of(
                        "sft: chosen still rises at the end (+2.00 [+2.00, +2.00] nats since"
                                + " iteration 400); more updates may help."),
                texts(first, "actions"));
    }

    @Test
    void aRunThatGoesOnIsNotToldToTrainLonger() {
        RecordedRun dpo =
                SyntheticRun.of("dpo", 6, 20)
                        .kind("chosen", (t, i) -> -40 + 1e-3 * t)
                        .header("continues", "sft")
                        .build();
        List<String> actions = texts(first(sft().build(), dpo), "actions");
        assertTrue(actions.stream().noneMatch(text -> text.startsWith("sft: chosen still")));
        assertTrue(actions.stream().anyMatch(text -> text.startsWith("dpo: chosen still")));
    }

    @Test
    void supervisedFallIsAFallNotAnAlarm() {
        RecordedRun run =
                SyntheticRun.of("pre", 8, 20)
                        .kind("chosen", (t, i) -> t <= 2 ? -40 + 4 * t : -32 - (t - 2))
                        .header("stage", "pretrain")
                        .build();
        JsonElement first = first(run);
        assertEquals("falling", story(first, 0, "badge"));
        assertEquals("info", story(first, 0, "tone"));
        assertTrue(story(first, 0).get(0).endsWith("it unlearns what it was not shown."));
        assertEquals(
                "No alarm. pre raises chosen by 3.00 nats a response.", headline(first, "text"));
    }

    @Test
    void brokenNumbersComeBeforeEverythingElse() {
        RecordedRun run =
                squeezing("dpo")
                        .kind("rejected", (t, i) -> t == 5 && i == 0 ? Double.NaN : -55 - 3 * t)
                        .metric("loss", 0.9, 0.8)
                        .build();
        JsonElement first = first(run);
        assertEquals(
                "NaN in dpo (from iteration 500): everything after it is lost.",
                headline(first, "text"));
        assertEquals("error", headline(first, "tone"));
        assertEquals("NaN", story(first, 0, "badge"));
        List<String> actions = texts(first, "actions");
        assertTrue(actions.get(0).startsWith("dpo: lower the learning rate, clip"), actions.get(0));
        assertTrue(actions.get(1).startsWith("dpo: policy and reference differ"), actions.get(1));
        assertTrue(actions.get(2).startsWith("dpo: try supervised"), actions.get(2));
    }

    @Test
    void sameAdviceIsGivenOnceForAllRuns() {
        JsonElement first = first(squeezing("a").build(), squeezing("b").header("x", "y").build());
        List<String> actions = texts(first, "actions");
        assertTrue(actions.get(0).startsWith("a and b: try supervised fine-tuning"));
        assertEquals(1, actions.stream().filter(text -> text.contains("supervised")).count());
    }

    @Test
    void runsAreComparedWherePairedDifferencesAreCertain() {
        RecordedRun base = squeezing("dpo").build();
        RecordedRun milder =
                squeezing("milder")
                        .kind("chosen", (t, i) -> -40 - 0.25 * t)
                        .kind("rejected", (t, i) -> -55 - 3 * t + 0.1 * SyntheticRun.noise(0, i))
                        .header("config.x", "1")
                        .build();
        assertEquals(
                List.of(
                        "milder against dpo at iteration 700, over 20 shared probes: chosen ends"
                                + " likelier (+1.25 [+1.25, +1.25] nats); since it began it rose more"
                                + " or fell less (+1.25 [+1.25, +1.25]); the likeliest tokens end as"
                                + " likely (0 [0, 0]); 1 of 3 kinds end likelier, 0 less likely."),
                texts(first(base, milder), "comparisons"));
    }

    @Test
    void runsWithoutSharedProbesAreNotCompared() {
        JsonElement first = first(sft().build(), squeezing("dpo").otherProbes().build());
        assertEquals(List.of(), texts(first, "comparisons"));
    }

    @Test
    void namesSettingsThatDiffer() {
        RecordedRun one = sft().header("config.rate", "1").build();
        RecordedRun other = sft().header("config.rate", "2").build().named("other");
        assertTrue(texts(first(one, other), "notes").contains("The runs differ in config.rate."));
        assertTrue(
                texts(first(one, one.named("same")), "notes")
                        .contains("The runs have the same settings, versions, data and seed."));
        assertTrue(texts(first(one), "notes").stream().noneMatch(text -> text.contains("differ")));
    }

    @Test
    void recordedWarningsAreTold() {
        RecordedRun run =
                sft().event(new Event(0, Severity.WARNING, "start_check", "loss must start at x"))
                        .event(new Event(0, Severity.INFO, "resumed", "went on"))
                        .build();
        assertEquals(
                "1 warning recorded, the first: loss must start at x.",
                story(first(run), 0).get(3));
    }

    @Test
    void fewRecordingsAreAskedToBeMore() {
        RecordedRun run = SyntheticRun.of("short", 3, 5).kind("chosen", (t, i) -> -t).build();
        assertTrue(
                texts(first(run), "actions")
                        .contains(
                                "short: record at least 5 times, got 3; squeezing cannot be told"
                                        + " from fewer."));
    }

    @Test
    void emptyRunHasNothingToTell() {
        JsonElement first = first(SyntheticRun.of("empty", 0, 0).build());
        assertEquals(
                "Nothing to tell yet: empty has fewer than two recordings.",
                headline(first, "text"));
        assertEquals(
                List.of("Fewer than two recordings with likelihoods: nothing to compare."),
                story(first, 0));
        assertEquals("nothing to compare", story(first, 0, "badge"));
    }

    @Test
    void costIsToldAndWarnedOfWhereItIsHigh() {
        JsonElement first = first(sft().build());
        assertTrue(
                texts(first, "notes").contains("Recording took of the training time: sft 1.0 %."));
        assertFalse(texts(first, "actions").toString().contains("Record less often"));
    }

    @Test
    void everySentenceLeadsToASectionOfThePage() {
        String html =
                Report.html(
                        List.of(sft().build(), squeezing("dpo").metric("loss", 9).build()),
                        ReportOptions.DEFAULT);
        Set<String> anchors = new TreeSet<>();
        collect(new ReportPage(html).at("first"), anchors);
        assertTrue(anchors.size() > 3, anchors::toString);
        anchors.forEach(
                anchor -> assertTrue(html.contains("<section id=\"" + anchor + "\""), anchor));
    }

    private static void collect(JsonElement element, Set<String> anchors) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(one -> collect(one, anchors));
        } else if (element.isJsonObject()) {
            element.getAsJsonObject()
                    .entrySet()
                    .forEach(
                            entry -> {
                                if (entry.getKey().equals("anchor")) {
                                    anchors.add(entry.getValue().getAsString());
                                }
                                collect(entry.getValue(), anchors);
                            });
        }
    }

    @Test
    void trustIsJudgedByOrderAndScale() {
        assertEquals("The influences can be trusted", Notes.judge(0.95, 1.1));
        assertEquals("Trust the order of the influences, not their size", Notes.judge(0.95, 0.5));
        assertEquals("Trust the influences for large differences only", Notes.judge(0.7, 1));
        assertEquals("Do not trust the influences", Notes.judge(0.2, 1));
        assertEquals("Do not trust the influences", Notes.judge(Double.NaN, 1));
    }
}
