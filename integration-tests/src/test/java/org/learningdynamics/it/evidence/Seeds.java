package org.learningdynamics.it.evidence;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The seeds of a program. */
final class Seeds {
    private Seeds() {}

    /** Those given, else 1 to 5. */
    static long[] of(String... arguments) {
        return arguments.length == 0
                ? LongStream.rangeClosed(1, 5).toArray()
                : Arrays.stream(arguments).mapToLong(Long::parseLong).toArray();
    }
}
