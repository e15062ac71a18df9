package org.learningdynamics.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Spark says about a job that it gave up. */
final class SparkFailure {
    private static final Pattern LOST =
            Pattern.compile(
                    "failed (\\d+) times?, most recent failure: .*: ExecutorLostFailure"
                            + " .*Reason: (.*)");
    private static final Pattern RECENT =
            Pattern.compile("most recent failure: Lost task .* executor [^)]*\\): (.*)");

    private SparkFailure() {}

    /** Why a candidate failed whose every attempt took its process with it; empty otherwise. */
    static Optional<String> lostProcess(Throwable thrown) {
        Matcher lost = LOST.matcher(firstLine(thrown));
        return lost.find()
                ? Optional.of(lost.group(1) + " attempts lost their executors: " + lost.group(2))
                : Optional.empty();
    }

    /** One line for people. */
    static String cause(Throwable thrown) {
        String line = firstLine(thrown);
        Matcher recent = RECENT.matcher(line);
        return recent.find() ? recent.group(1) : line;
    }

    private static String firstLine(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
