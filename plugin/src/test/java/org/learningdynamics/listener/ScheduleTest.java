package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScheduleTest {
    @Test
    void everyNamesTheMultiplesAndTheInitialState() {
        assertEquals(List.of(0L, 30L, 60L, 90L), due(Schedule.every(30), 100));
    }

    @Test
    void everyCanStartElsewhere() {
        assertEquals(List.of(0L, 10L, 40L, 70L, 100L), due(Schedule.every(30, 10), 100));
        assertEquals(List.of(0L, 50L, 60L), due(Schedule.every(10, 50), 60));
    }

    @Test
    void logSpacedNamesEachIterationOnce() {
        assertEquals(
                List.of(0L, 1L, 2L, 5L, 10L, 22L, 46L, 100L), due(Schedule.logSpaced(3, 100), 500));
        assertEquals(List.of(0L, 1L, 10L, 100L), due(Schedule.logSpaced(1, 999), 2000));
        assertEquals(
                LongStream.rangeClosed(0, 40).boxed().toList(),
                due(Schedule.logSpaced(1000, 40), 60));
    }

    @Test
    void logSpacedEndsAtTheLargestLong() {
        Schedule schedule = Schedule.logSpaced(1, Long.MAX_VALUE);
        assertTrue(schedule.isDue(1_000_000_000_000_000_000L));
        assertFalse(schedule.isDue(Long.MAX_VALUE));
    }

    @Test
    void atNamesExactlyWhatIsGiven() {
        assertEquals(List.of(0L, 3L, 7L), due(Schedule.at(7, 3, 7), 20));
        assertEquals(List.of(3L), due(Schedule.at(0, 3).withoutInitial(), 20));
    }

    @Test
    void perEpochNamesNoIterationButTheInitialState() {
        assertEquals(List.of(0L), due(Schedule.perEpoch(), 100));
        assertTrue(Schedule.perEpoch().recordsEpochEnds());
        assertFalse(Schedule.every(1).recordsEpochEnds());
    }

    @Test
    void initialStateCanBeLeftOutAndTakenBack() {
        Schedule without = Schedule.every(10).withoutInitial();
        assertEquals(List.of(10L, 20L), due(without, 20));
        assertEquals(List.of(0L, 10L, 20L), due(without.withInitial(), 20));
    }

    @Test
    void finalStateIsRecordedOnlyIfAskedFor() {
        assertFalse(Schedule.every(10).recordsFinal());
        assertTrue(Schedule.every(10).withFinal().recordsFinal());
    }

    @Test
    void andNamesWhatEitherNames() {
        Schedule both =
                Schedule.every(4)
                        .withoutInitial()
                        .and(Schedule.at(5).withoutInitial())
                        .and(Schedule.perEpoch().withoutInitial().withFinal());
        assertEquals(List.of(4L, 5L, 8L), due(both, 10));
        assertTrue(both.recordsEpochEnds());
        assertTrue(both.recordsFinal());
        assertFalse(both.recordsInitial());
        assertTrue(both.and(Schedule.at(9)).recordsInitial());
    }

    @Test
    void tellsItselfInWords() {
        assertEquals("every 30, first at 10, initial", Schedule.every(30, 10).toString());
        assertEquals("initial, every epoch", Schedule.perEpoch().toString());
        assertEquals(
                "every 100; at [5], initial, at the end",
                Schedule.every(100).and(Schedule.at(5)).withFinal().toString());
        assertEquals("5 per decade up to 1000, initial", Schedule.logSpaced(5, 1000).toString());
    }

    @Test
    void serialisedScheduleComesBackTheSame() {
        for (Schedule schedule :
                List.of(
                        Schedule.every(3, 2).and(Schedule.at(4)),
                        Schedule.perEpoch().withFinal(),
                        Schedule.logSpaced(2, 100).withoutInitial())) {
            Schedule back = SerializationUtils.roundtrip(schedule);
            assertEquals(due(schedule, 100), due(back, 100));
            assertEquals(schedule.toString(), back.toString());
            assertEquals(schedule.recordsEpochEnds(), back.recordsEpochEnds());
            assertEquals(schedule.recordsFinal(), back.recordsFinal());
        }
    }

    @Test
    void refusesWhatNamesNothing() {
        assertMessage("n must be >= 1, got 0", () -> Schedule.every(0));
        assertMessage("first must be >= 1, got -1", () -> Schedule.every(5, -1));
        assertMessage("perDecade must be >= 1, got 0", () -> Schedule.logSpaced(0, 10));
        assertMessage("max must be >= 1, got 0", () -> Schedule.logSpaced(1, 0));
        assertMessage("iterations must hold at least one, got 0", Schedule::at);
        assertMessage("iteration must be >= 0, got -3", () -> Schedule.at(1, -3));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static List<Long> due(Schedule schedule, long max) {
        return LongStream.rangeClosed(0, max).filter(schedule::isDue).boxed().toList();
    }
}
