package org.learningdynamics.mlflow;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.learningdynamics.recording.RunHeader;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that sends what a {@link MlflowRecorder} queues. */
final class MlflowSender implements Runnable {
    static final int QUEUE_CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(MlflowRecorder.class);
    private static final Duration GATHERING = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final MlflowTarget target;
    private final RunHeader header;
    private final InstantSource clock;
    private final Duration closeTimeout;
    private final BlockingQueue<MlflowBatch> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private final Thread thread = new Thread(this, "mlflow-sender");
    private Optional<String> run = Optional.empty();

    MlflowSender(
            MlflowTarget target, RunHeader header, InstantSource clock, Duration closeTimeout) {
        this.target = target;
        this.header = header;
        this.clock = clock;
        this.closeTimeout = closeTimeout;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Queues a batch or counts it as lost; never waits. */
    void offer(MlflowBatch batch) {
        queued.addAndGet(batch.size());
        if (closing.get() || !queue.offer(batch)) {
            lose(batch);
        }
    }

    private void lose(MlflowBatch batch) {
        queued.addAndGet(-batch.size());
        lost.addAndGet(batch.size());
    }

    MlflowStats stats() {
        return new MlflowStats(sent.get(), lost.get(), queued.get());
    }

    @Override
    public void run() {
        try (MlflowConnection connection = new MlflowConnection(target)) {
            Duration pause = FIRST_PAUSE;
            while (!closing.get() || !queue.isEmpty()) {
                if (sendNext(connection)) {
                    pause = FIRST_PAUSE;
                } else {
                    rest(pause);
                    pause = pause.multipliedBy(2);
                    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
                }
            }
            finish(connection);
        } catch (InterruptedException e) {
            LOG.debug("{}: given up", target.uri());
        } finally {
            loseRest();
        }
    }

    /** Waits after a failure; who closes meanwhile has no server to wait for. */
    private void rest(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        while (System.nanoTime() - end < 0) {
            if (closing.get()) {
                throw new InterruptedException("closed while the server fails");
            }
            Thread.sleep(20);
        }
    }

    private void loseRest() {
        for (MlflowBatch batch = queue.poll(); batch != null; batch = queue.poll()) {
            lose(batch);
        }
    }

    /** Sends what there is; false if the server failed. */
    private boolean sendNext(MlflowConnection connection) throws InterruptedException {
        MlflowBatch first = queue.poll(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return true;
        }
        List<MlflowBatch> batches = new ArrayList<>(List.of(first));
        queue.drainTo(batches, MlflowExport.MOST_METRICS);
        try {
            send(connection, MlflowBatch.join(batches));
            batches.forEach(
                    batch -> {
                        queued.addAndGet(-batch.size());
                        sent.addAndGet(batch.size());
                    });
            return true;
        } catch (IOException e) {
            batches.forEach(this::lose);
            tell(e);
            return false;
        }
    }

    private void tell(IOException failure) {
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "{}; training goes on, values that cannot be sent are counted",
                    failure.getMessage());
        }
    }

    private void send(MlflowConnection connection, MlflowBatch batch) throws IOException {
        String id = begin(connection);
        for (List<Metric> part : MlflowExport.parts(batch.metrics(), MlflowExport.MOST_METRICS)) {
            connection.log(id, part, List.of(), List.of());
        }
        for (List<RunTag> part : MlflowExport.parts(batch.tags(), MlflowExport.MOST_ENTRIES)) {
            connection.log(id, List.of(), List.of(), part);
        }
    }

    /** Starts the run on the server when there is something to send for the first time. */
    private String begin(MlflowConnection connection) throws IOException {
        if (run.isEmpty()) {
            String id = connection.createRun(header.run(), clock.millis(), List.of()).getRunId();
            run = Optional.of(id);
            List<Param> params = MlflowNames.params(entries(header));
            for (List<Param> part : MlflowExport.parts(params, MlflowExport.MOST_ENTRIES)) {
                connection.log(id, List.of(), part, List.of());
            }
        }
        return run.get();
    }

    private static Map<String, String> entries(RunHeader header) {
        Map<String, String> entries = new TreeMap<>(header.entries());
        header.configuration().forEach((key, value) -> entries.put("config." + key, value));
        entries.put("run", header.run());
        entries.put("stage", header.stage());
        entries.put("library_version", header.libraryVersion());
        entries.put("dl4j_version", header.dl4jVersion());
        entries.put("backend", header.backend());
        entries.put("seed", Long.toString(header.seed()));
        entries.put("data_sha256", header.dataSha256());
        return entries;
    }

    private void finish(MlflowConnection connection) {
        if (run.isPresent()) {
            try {
                connection.finish(run.get(), clock.millis());
            } catch (IOException e) {
                tell(e);
            }
        }
    }

    /** Waits for what is queued, within the timeout. */
    void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        try {
            thread.join(closeTimeout.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(1000);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        if (lost.get() > 0) {
            LOG.warn(
                    "{}: {} of {} values were not sent",
                    target.uri(),
                    lost,
                    sent.get() + lost.get());
        }
    }
}
