package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.Severity;

class AlarmsTest {
    private static final int PROBES = 30;

    private static double noise(int t, int i) {
        return 0.3 * SyntheticRun.noise(t, i);
    }

    /** Chosen rises until recording 4 and falls after it; rejected falls throughout. */
    private static SyntheticRun turning() {
        return SyntheticRun.of("dpo", 12, PROBES)
                .kind("chosen", (t, i) -> -50 + (t < 4 ? t : 4 - (t - 4)) + noise(t, i))
                .kind("rejected", (t, i) -> -60 - 2 * t + noise(t, i));
    }

    private static Alarm only(RecordedRun run) {
        List<Alarm> alarms = Alarms.of(run);
        assertEquals(1, alarms.size(), alarms::toString);
        return alarms.get(0);
    }

    @Test
    void findsSqueezingAndItsSpan() {
        Alarm alarm = only(turning().argmax((t, i) -> -20 + 0.5 * t + noise(t, i)).build());
        assertEquals(Alarm.SQUEEZING, alarm.code());
        assertEquals(Severity.WARNING, alarm.severity());
        assertEquals(3, alarm.firstStep());
        assertEquals(11, alarm.lastStep());
        assertTrue(
                alarm.message()
                        .startsWith(
                                "Squeezing from iteration 300 to 1100 (recordings 3 to 11): chosen falls (-5.98 ["),
                alarm.message());
        assertTrue(alarm.message().contains("argmax rises (+4.0"), alarm.message());
        assertTrue(alarm.advice().contains("extended SFT"));
    }

    @Test
    void fallingChosenWithoutRisingArgmaxIsDisplacement() {
        Alarm alarm = only(turning().argmax((t, i) -> -20 - 0.5 * t + noise(t, i)).build());
        assertEquals(Alarm.DISPLACEMENT, alarm.code());
        assertEquals(11, alarm.lastStep());
        assertTrue(alarm.message().contains("argmax changes (-3.98 ["), alarm.message());
        assertTrue(alarm.advice().contains("nearly the same"));
    }

    @Test
    void fallInSupervisedTrainingIsToldWithItsOwnAdvice() {
        RecordedRun run =
                turning().header("stage", "sft-sum").argmax((t, i) -> -20 - 0.5 * t).build();
        Alarm alarm = only(run);
        assertEquals(Alarm.DISPLACEMENT, alarm.code());
        assertEquals(Severity.INFO, alarm.severity());
        assertTrue(alarm.message().startsWith("Falling from iteration 300"), alarm.message());
        assertTrue(alarm.advice().startsWith("Stop earlier, or check"), alarm.advice());
    }

    @Test
    void supervisedTrainingDoesNotSqueeze() {
        SyntheticRun run = turning().argmax((t, i) -> -20 + 0.5 * t + noise(t, i));
        assertEquals(Alarm.SQUEEZING, only(run.header("stage", "dpo").build()).code());
        Alarm alarm = only(run.header("stage", "pretrain").build());
        assertEquals(Alarm.DISPLACEMENT, alarm.code());
        assertEquals(Severity.INFO, alarm.severity());
    }

    @Test
    void risingRejectedIsNotSqueezing() {
        RecordedRun run =
                turning()
                        .kind("rejected", (t, i) -> -60 + t + noise(t, i))
                        .argmax((t, i) -> -20 + t + noise(t, i))
                        .build();
        assertEquals(Alarm.DISPLACEMENT, only(run).code());
    }

    @Test
    void fallWithinTheSpreadOfProbesIsNoAlarm() {
        RecordedRun run =
                SyntheticRun.of("noisy", 12, PROBES)
                        .kind("chosen", (t, i) -> -50 - 0.01 * t + 30 * noise(t, i))
                        .kind("rejected", (t, i) -> -60 - 2 * t)
                        .argmax((t, i) -> -20 + t)
                        .build();
        assertEquals(List.of(), Alarms.of(run));
    }

    @Test
    void risingChosenIsNoAlarm() {
        RecordedRun run =
                SyntheticRun.of("sft", 12, PROBES)
                        .kind("chosen", (t, i) -> -50 + t + noise(t, i))
                        .kind("rejected", (t, i) -> -60 - t + noise(t, i))
                        .argmax((t, i) -> -20 + t)
                        .build();
        assertEquals(List.of(), Alarms.of(run));
    }

    @Test
    void fourRecordingsAreTooFew() {
        RecordedRun run =
                SyntheticRun.of("short", 4, PROBES).kind("chosen", (t, i) -> -50 - t).build();
        assertEquals(List.of(), Alarms.of(run));
    }

    @Test
    void smallFallIsToldNotWarnedOf() {
        RecordedRun run =
                SyntheticRun.of("small", 5, PROBES)
                        .kind("chosen", (t, i) -> -50 - 0.001 * t * (1 + 0.01 * i))
                        .build();
        Alarm alarm = only(run);
        assertEquals(Severity.INFO, alarm.severity());
        assertTrue(alarm.message().contains("rejected changes (not measured)"), alarm.message());
    }

    @Test
    void twoSeparateFallsMakeTwoAlarms() {
        RecordedRun run =
                SyntheticRun.of("waves", 40, PROBES)
                        .kind("chosen", (t, i) -> -50 + 5 * Math.cos(t / 3.2) + noise(t, i))
                        .build();
        List<Alarm> alarms = Alarms.of(run);
        assertEquals(2, alarms.size(), alarms::toString);
        assertTrue(alarms.get(0).lastStep() < alarms.get(1).firstStep());
    }

    @Test
    void findsNanInLikelihoodsAndMetrics() {
        RecordedRun run =
                SyntheticRun.of("nan", 5, 3)
                        .kind("chosen", (t, i) -> t >= 3 && i == 1 ? Double.NaN : -5 - i)
                        .metric("loss", 1, 2, Double.NaN, Double.NaN)
                        .build();
        List<Alarm> alarms = Alarms.of(run);
        assertEquals(2, alarms.size(), alarms::toString);
        assertEquals(
                "NaN: metric loss is NaN at 2 of 4 iterations, from 3 to 4.",
                alarms.get(0).message());
        assertEquals(
                "NaN: 2 log-probabilities of chosen are NaN, from iteration 300 to 400 (recordings 3 to"
                        + " 4).",
                alarms.get(1).message());
        assertEquals(Severity.ERROR, alarms.get(1).severity());
        assertEquals(3, alarms.get(1).firstStep());
    }

    @Test
    void missingRowsAreNotNan() {
        LikelihoodTable empty =
                LikelihoodTable.builder(List.of(0L), SyntheticRun.of("x", 1, 2).responses())
                        .build();
        RecordedRun whole = SyntheticRun.of("x", 1, 2).build();
        RecordedRun run =
                new RecordedRun(
                        "x",
                        whole.header(),
                        whole.probes(),
                        whole.responses(),
                        whole.steps(),
                        whole.metrics(),
                        whole.events(),
                        empty);
        assertEquals(List.of(), Alarms.of(run));
    }

    @Test
    void findsStuckRewards() {
        double[] margins = new double[20];
        Arrays.fill(margins, 0, 5, 0.1);
        Alarm alarm =
                only(SyntheticRun.of("stuck", 2, 1).metric("rewards/margins", margins).build());
        assertEquals(Alarm.REWARDS_STUCK, alarm.code());
        assertEquals(
                "Rewards stuck: rewards/margins is 0 at 15 iterations in a row, from 6 to 20.",
                alarm.message());
    }

    @Test
    void zeroAtTheFirstIterationIsRight() {
        double[] margins = new double[20];
        Arrays.fill(margins, 1, 20, 1e-8);
        assertEquals(
                List.of(),
                Alarms.of(SyntheticRun.of("x", 2, 1).metric("rewards/margins", margins).build()));
    }

    @Test
    void tenZerosInARowAreStuckNineAreNot() {
        double[] ten = new double[11];
        double[] nine = new double[10];
        assertEquals(
                1,
                Alarms.of(SyntheticRun.of("x", 2, 1).metric("rewards/margins", ten).build())
                        .size());
        assertEquals(
                0,
                Alarms.of(SyntheticRun.of("x", 2, 1).metric("rewards/margins", nine).build())
                        .size());
    }

    @Test
    void findsAFirstLossThatIsNotLnTwo() {
        Alarm alarm =
                only(
                        SyntheticRun.of("x", 2, 1)
                                .header("stage", "dpo")
                                .metric("loss", 0.75, 0.5)
                                .build());
        assertEquals(Alarm.FIRST_LOSS, alarm.code());
        assertEquals("First loss: 0.7500 nats at iteration 1, not ln 2 = 0.6931.", alarm.message());
    }

    @Test
    void firstLossIsCheckedForSigmoidLossesOnly() {
        assertEquals(
                List.of(),
                Alarms.of(
                        SyntheticRun.of("x", 2, 1)
                                .header("stage", "sft")
                                .metric("loss", 3, 2)
                                .build()));
        assertEquals(
                List.of(),
                Alarms.of(
                        SyntheticRun.of("x", 2, 1)
                                .header("config.method", "DPO")
                                .metric("loss", 0.6932, 0.5)
                                .build()));
    }

    @Test
    void alarmRejectsCrossedSteps() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new Alarm("x", Severity.INFO, 2, 1, "", ""));
        assertEquals("firstStep must be <= lastStep, got 2 > 1", e.getMessage());
    }

    @Test
    void findsRewardsThatAreNotZeroAtTheStartInPlaceOfTheFirstLoss() {
        SyntheticRun run =
                SyntheticRun.of("x", 2, 1)
                        .header("stage", "dpo")
                        .metric("loss", 0.75, 0.5)
                        .metric("rewards/chosen", 0, 0.1)
                        .metric("rewards/rejected", 0.12, 0.1);
        Alarm alarm = only(run.build());
        assertEquals(Alarm.STALE_REFERENCE, alarm.code());
        assertEquals(
                "Stale reference: rewards/rejected is +0.1200 at iteration 1, before anything was"
                        + " learnt, not 0.",
                alarm.message());
    }

    @Test
    void anotherReferenceThatWasAskedForIsNoAlarm() {
        assertEquals(
                List.of(),
                Alarms.of(
                        SyntheticRun.of("x", 2, 1)
                                .header("stage", "dpo")
                                .header("config.reference", "given")
                                .metric("loss", 0.75, 0.5)
                                .metric("rewards/chosen", 0.2, 0.1)
                                .build()));
    }

    private static TrustSeries trust(double spearman, double slope, int rows, int... steps) {
        List<TrustSeries.AtStep> all =
                Arrays.stream(steps)
                        .mapToObj(
                                step ->
                                        new TrustSeries.AtStep(
                                                step,
                                                new Trust(spearman, 0.5, slope, slope, 0.3, rows)))
                        .toList();
        return new TrustSeries(all, new Trust(spearman, 0.5, slope, slope, 0.3, rows));
    }

    private static List<Alarm> withTrust(TrustSeries trust) {
        return Alarms.of(SyntheticRun.of("x", 9, 1).build(), trust);
    }

    @Test
    void findsPredictionsThatRankOrScaleWrongly() {
        Alarm ranks = withTrust(trust(0.4, 1, 8, 1, 2, 3, 5, 8)).get(0);
        assertEquals(Alarm.UNTRUSTED_PREDICTION, ranks.code());
        assertEquals(
                "Untrustworthy prediction from iteration 100 to 800 (recordings 1 to 8): of"
                        + " predicted and actual changes the median Spearman correlation is 0.40,"
                        + " slope 1.00, relative remainder 0.30.",
                ranks.message());
        assertEquals(1, withTrust(trust(0.9, 2.5, 8, 1, 2, 3, 4, 5, 6)).size());
        assertEquals(1, withTrust(trust(0.9, 0.4, 8, 1, 2, 3, 4, 5)).size());
    }

    @Test
    void predictionsOfFewResponsesOrFewRecordingsAreNotJudged() {
        assertEquals(List.of(), withTrust(trust(0.1, 1, 7, 1, 2, 3, 4, 5)));
        assertEquals(List.of(), withTrust(trust(0.1, 1, 8, 1, 2, 3, 4)));
        assertEquals(List.of(), withTrust(trust(0.5, 2, 8, 1, 2, 3, 4, 5)));
        assertEquals(List.of(), withTrust(trust(Double.NaN, Double.NaN, 8, 1, 2, 3, 4, 5)));
    }
}
