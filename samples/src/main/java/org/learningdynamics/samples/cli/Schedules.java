package org.learningdynamics.samples.cli;

import java.util.Arrays;
import org.learningdynamics.listener.Schedule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code every:30}, {@code at:1,10,100}, {@code log:4} or {@code epoch}. */
final class Schedules implements ITypeConverter<Schedule> {
    static final String SYNTAX = "every:N, at:I,J,…, log:POINTS_PER_DECADE or epoch";

    /** Log-spaced recordings end here. */
    private static final long LOG_MAX = 1_000_000;

    @Override
    public Schedule convert(String text) {
        String[] parts = text.split(":", 2);
        String value = parts.length == 2 ? parts[1] : "";
        try {
            return switch (parts[0]) {
                case "every" -> Schedule.every(Long.parseLong(value)).withFinal();
                case "at" -> Schedule.at(numbers(value)).withInitial();
                case "log" -> Schedule.logSpaced(Integer.parseInt(value), LOG_MAX).withFinal();
                case "epoch" -> Schedule.perEpoch().withFinal();
                default -> throw new TypeConversionException("must be " + SYNTAX + ", got " + text);
            };
        } catch (NumberFormatException e) {
            throw new TypeConversionException("must be " + SYNTAX + ", got " + text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static long[] numbers(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
