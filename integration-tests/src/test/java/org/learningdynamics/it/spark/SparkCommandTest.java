package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.cli.Dynamics;
import org.learningdynamics.sweep.record.SweepFile;

/** {@code dynamics sweep --spark MASTER}. */
@NeedsSpark
@Timeout(120)
class SparkCommandTest {
    @TempDir private Path folder;

    private SparkSweep sweep;

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void writeConfiguration() throws Exception {
        LocalSpark.stop(); // the verb makes a context of its own
        sweep = SparkSweep.of(folder, 2, 1, 2);
    }

    private Outcome run(Class<?> dynamics, String... options) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> args = new java.util.ArrayList<>(List.of("sweep"));
        args.add(folder.resolve("config.json").toString());
        args.addAll(List.of("--out", folder.resolve("out").toString()));
        args.addAll(List.of(options));
        int code =
                (int)
                        dynamics.getMethod(
                                        "execute",
                                        PrintStream.class,
                                        PrintStream.class,
                                        String[].class)
                                .invoke(
                                        null,
                                        new PrintStream(out, true, StandardCharsets.UTF_8),
                                        new PrintStream(err, true, StandardCharsets.UTF_8),
                                        args.toArray(String[]::new));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void trainsInTasksAndIsResumedWithoutSpark() throws Exception {
        Outcome spark = run(Dynamics.class, "--spark", "local[2]");
        assertEquals(0, spark.code(), spark.err());
        assertTrue(spark.out().contains("2 candidates, 2 scored"), spark.out());
        SweepFile file = SweepFile.read(folder.resolve("out"));
        Path here = java.nio.file.Files.createDirectory(folder.resolve("here"));
        assertEquals(
                SparkSweep.found(sweep.here(here), here),
                SparkSweep.found(file, folder.resolve("out")));
        Outcome again = run(Dynamics.class);
        assertEquals(0, again.code(), again.err());
        assertEquals(file.results(), SweepFile.read(folder.resolve("out")).results());
    }

    @Test
    void wrongMastersAreErrorsOfTheCommandLine() throws Exception {
        Outcome wrong = run(Dynamics.class, "--spark", "nonsense");
        assertEquals(2, wrong.code(), wrong.err());
        assertTrue(wrong.err().contains("Could not parse Master URL: 'nonsense'"), wrong.err());
        Outcome none = run(Dynamics.class, "--spark");
        assertEquals(2, none.code(), none.err());
        assertTrue(none.err().contains("a master must be given, such as local[2]"), none.err());
    }

    /** As with java -jar dynamics.jar, which does not hold Spark. */
    @Test
    void saysWhatToDoWhereSparkIsAbsent() throws Exception {
        URL[] rest =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("spark"))
                        .map(SparkCommandTest::url)
                        .toArray(URL[]::new);
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader loader = new URLClassLoader(rest, platform)) {
            Outcome absent = run(loader.loadClass(Dynamics.class.getName()), "--spark", "local[2]");
            assertEquals(2, absent.code(), absent.err());
            assertTrue(
                    absent.err().startsWith("dynamics: --spark needs Spark 3.5, which is not on"),
                    absent.err());
            assertEquals(1, absent.err().lines().count(), absent.err());
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
