package org.learningdynamics.it.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A standalone cluster on loopback: a master and two workers, each a process with the class path of
 * the test, with an executor of one core each that is a process of its own. The driver is the test.
 * Nothing outlives the test, even one that is killed.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.start(folder)) {
 *     Future<?> job = executor.submit(() -> work(cluster.context()));
 *     cluster.killWorkerOf(cluster.awaitTask());
 *     job.get();
 * }
 * }</pre>
 */
public final class LocalCluster implements AutoCloseable {
    /** Where everybody listens. */
    static final String HOST = "127.0.0.1";

    /** Workers of a cluster. */
    public static final int WORKERS = 2;

    private static final Duration MOST = Duration.ofSeconds(60);
    private static final String HEAP = "512m";
    private static final List<String> OPENS =
            Stream.of("java.nio", "sun.nio.ch", "java.lang.invoke", "java.util", "java.lang")
                    .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
                    .toList();
    private static final List<String> SMALL =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path folder;
    private final Process master;
    private final String url;
    private final Map<Integer, Process> workers = new TreeMap<>();
    private final RunningTasks tasks = new RunningTasks();
    private final Thread end = new Thread(this::killAll);
    private JavaSparkContext context;

    private LocalCluster(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(home().resolve("jars"));
        master = java(SparkDaemon.MASTER, List.of(SparkDaemon.MASTER));
        Runtime.getRuntime().addShutdownHook(end);
        url = awaitUrl();
        for (int i = 0; i < WORKERS; i++) {
            workers.put(i, worker(i));
        }
    }

    /**
     * Starts the processes; the context is made when it is first asked for.
     *
     * @param folder an empty folder for logs and scratch files
     * @return the cluster
     * @throws IOException if a process cannot be started
     */
    public static LocalCluster start(Path folder) throws IOException {
        LocalSpark.stop();
        return new LocalCluster(folder);
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Path work(int worker) {
        return folder.resolve("worker-" + worker);
    }

    /** The master's log begins with it. */
    private String awaitUrl() throws IOException {
        long late = System.nanoTime() + MOST.toNanos();
        while (master.isAlive() && System.nanoTime() < late) {
            for (String line : Files.readAllLines(log(SparkDaemon.MASTER))) {
                if (line.startsWith(SparkDaemon.URL) && line.endsWith(".")) {
                    return line.substring(SparkDaemon.URL.length(), line.length() - 1);
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new IOException("the master must say where it listens, see " + log("master"));
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private Process worker(int number) throws IOException {
        return java(
                "worker-" + number,
                List.of(
                        SparkDaemon.WORKER,
                        "--host",
                        HOST,
                        "--webui-port",
                        "0",
                        "--cores",
                        "1",
                        "--memory",
                        HEAP,
                        "--work-dir",
                        work(number).toString(),
                        url));
    }

    private Process java(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.addAll(SMALL);
        command.addAll(OPENS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(SparkDaemon.class.getName());
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command);
        Map<String, String> environment = process.environment();
        environment.put("SPARK_HOME", home().toString());
        environment.put("SPARK_SCALA_VERSION", "2.12"); // or it looks for a build of Spark
        environment.put("SPARK_LOCAL_IP", HOST);
        environment.put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
        process.redirectErrorStream(true).redirectOutput(log(name).toFile());
        return process.start();
    }

    /**
     * Where the master listens.
     *
     * @return such as {@code spark://127.0.0.1:34567}
     */
    public String url() {
        return url;
    }

    /**
     * What a driver of this cluster needs.
     *
     * @param name of the application
     * @return a configuration with an executor on each worker, both of which a first job waits for
     */
    public SparkConf conf(String name) {
        String options = String.join(" ", OPENS) + " " + String.join(" ", SMALL);
        return LocalSpark.conf(name)
                .setMaster(url)
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.extraJavaOptions", options)
                .set("spark.executorEnv.OMP_NUM_THREADS", "1")
                .set("spark.executor.memory", HEAP)
                .set("spark.executor.cores", "1")
                .set("spark.cores.max", Integer.toString(WORKERS))
                .set("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    }

    /**
     * The cluster's context, made when it is first asked for.
     *
     * @return a context that {@link #close} stops
     */
    public synchronized JavaSparkContext context() {
        if (context == null) {
            context = new JavaSparkContext(conf("tests on a cluster"));
            context.sc().addSparkListener(tasks);
        }
        return context;
    }

    /**
     * Waits for a task of the context.
     *
     * @return the number of an executor that runs one
     * @throws InterruptedException if it is interrupted
     */
    public String awaitTask() throws InterruptedException {
        return tasks.await(MOST);
    }

    /**
     * Waits until an executor has a file, which tells how far its task is: {@code
     * SparkFiles.getRootDirectory()} is under the executor's folder.
     *
     * @param end how the file's name ends
     * @return the number of an executor of a living worker
     * @throws IOException if folders cannot be read
     */
    public String awaitFile(String end) throws IOException {
        long late = System.nanoTime() + MOST.toNanos();
        while (System.nanoTime() < late) {
            for (int worker : workers.keySet()) {
                Path executors = work(worker).resolve(context().sc().applicationId());
                Optional<Path> found = find(executors, end);
                if (found.isPresent()) {
                    return executors.relativize(found.get()).getName(0).toString();
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new IllegalStateException("no executor had a file *" + end + " within " + MOST);
    }

    private static Optional<Path> find(Path folder, String end) throws IOException {
        if (!Files.exists(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).findFirst();
        } catch (UncheckedIOException e) { // a folder that has gone
            return Optional.empty();
        }
    }

    /**
     * How many attempts of tasks ended without a result.
     *
     * @return 0 while nothing was killed
     */
    public int failedAttempts() {
        return tasks.failed();
    }

    /**
     * Kills an executor with SIGKILL; its worker starts another.
     *
     * @param executor its number
     * @throws InterruptedException if it is interrupted
     */
    public void killExecutor(String executor) throws InterruptedException {
        workers.get(workerOf(executor)).children().forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Kills a worker and its executor with SIGKILL, as if the machine were gone.
     *
     * @param executor the executor's number
     * @throws InterruptedException if it is interrupted
     */
    public void killWorkerOf(String executor) throws InterruptedException {
        Process worker = workers.remove(workerOf(executor));
        List<ProcessHandle> children = worker.children().toList();
        worker.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        worker.waitFor();
    }

    /** Every worker keeps a folder an executor. */
    private int workerOf(String executor) {
        String application = context().sc().applicationId();
        return workers.keySet().stream()
                .filter(i -> Files.exists(work(i).resolve(application).resolve(executor)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no worker has " + executor));
    }

    private void killAll() {
        workers.values()
                .forEach(worker -> worker.children().forEach(ProcessHandle::destroyForcibly));
        workers.values().forEach(Process::destroyForcibly);
        master.destroyForcibly();
    }

    /** Stops the context and kills every process. */
    @Override
    public synchronized void close() {
        if (context != null) {
            context.stop();
        }
        killAll();
        Runtime.getRuntime().removeShutdownHook(end);
    }
}
