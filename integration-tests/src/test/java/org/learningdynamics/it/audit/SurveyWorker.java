package org.learningdynamics.it.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.learningdynamics.model.GradientVerdict;

/** A process of its own that runs cases one after the other: the program and its handle. */
final class SurveyWorker implements AutoCloseable {
    private static final long LONGEST_SECONDS = 120;
    private static final Set<String> POISONOUS =
            Set.of("gather", "invoke", "create_view", "repeat");
    private static final Pattern SIGNS =
            Pattern.compile("another shape|two calls|NegativeArraySize|ArrayIndexOutOfBounds");
    private static final GradientCase HEALTH =
            CaseTable.one(
                    "sd.math().tanh(x)",
                    "[3]",
                    (sd, v) -> sd.math().tanh(v[0]),
                    CaseTable.values(-0.7, 0.2, 1.3));

    private final Process process;
    private final BufferedReader lines;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

    SurveyWorker(int first, int end) throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=/dev/null",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SurveyWorker.class.getName(),
                                Integer.toString(first),
                                Integer.toString(end))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next case's outcome; empty if the process ends or hangs instead. */
    Optional<Outcome> next() throws IOException {
        ScheduledFuture<?> alarm =
                watch.schedule(process::destroyForcibly, LONGEST_SECONDS, TimeUnit.SECONDS);
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("OUTCOME\t")) {
                    return Optional.of(Outcome.parse(line.substring("OUTCOME\t".length())));
                }
            }
            return Optional.empty();
        } finally {
            alarm.cancel(false);
        }
    }

    /** Whether the process ended of its own will. */
    boolean endedWell() throws InterruptedException {
        return process.waitFor() == 0;
    }

    String ending() throws InterruptedException {
        int code = process.waitFor();
        return code == 137 ? "no answer within 120 s" : "process ended with code " + code;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        process.destroyForcibly();
    }

    /**
     * Runs cases and prints an outcome a line. Ends early, with code 0, before the next call once a
     * case may have damaged the process's memory.
     *
     * @param arguments number of the first run, number after the last
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        int end = Integer.parseInt(arguments[1]);
        List<SurveyRun> runs = SurveyRun.all();
        boolean poisoned = false;
        for (int i = Integer.parseInt(arguments[0]); i < end; i++) {
            if (poisoned && !sameCall(runs.get(i), runs.get(i - 1))) {
                break;
            }
            Outcome outcome = runs.get(i).outcome();
            // Native code prints to standard output too and need not end its lines.
            out.println("\nOUTCOME\t" + outcome.line());
            poisoned |= mayPoison(runs.get(i), outcome) || !isHealthy();
        }
        System.exit(0);
    }

    private static boolean sameCall(SurveyRun run, SurveyRun other) {
        return run.gradientCase().call().equals(other.gradientCase().call());
    }

    /** Backward passes that write past the end of arrays leave a process to itself. */
    private static boolean mayPoison(SurveyRun run, Outcome outcome) {
        String condition = run.gradientCase().condition();
        boolean shapes = condition.equals("BROADCAST") || condition.equals("SCALAR_OPERAND");
        return outcome.ops().stream().anyMatch(POISONOUS::contains)
                || SIGNS.matcher(outcome.message()).find()
                || (shapes && outcome.verdict() == GradientVerdict.WRONG);
    }

    /** Whether an ordinary gradient is still right in this process. */
    private static boolean isHealthy() {
        SurveyRun tanh = new SurveyRun(HEALTH, GradientCheck.Source.VARIABLE);
        return tanh.outcome().verdict() == GradientVerdict.EXACT;
    }
}
