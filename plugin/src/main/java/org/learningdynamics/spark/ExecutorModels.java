package org.learningdynamics.spark;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.train.GradientTask;
import org.learningdynamics.train.ProjectedGradients;

/**
 * Models of this process, each loaded once for all of its tasks. A model that no task uses stays
 * for the next one, until a task needs another model or a minute has passed.
 */
final class ExecutorModels {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Map<String, Loaded> MODELS = new HashMap<>();
    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(ExecutorModels::daemon);

    private ExecutorModels() {}

    /** A model at work; shared, so that its parameters must stay as they are. */
    static final class Lease implements AutoCloseable {
        private final Loaded loaded;

        private Lease(Loaded loaded) {
            this.loaded = loaded;
        }

        DecoderModel model() {
            return loaded.model;
        }

        /** Gradients that no other task uses: those that one gave back, or new ones. */
        ProjectedGradients gradients(String name, GradientTask task) {
            ProjectedGradients idle = takeIdle(loaded, task.toString());
            return idle == null ? ProjectedGradients.of(loaded.model, name, task) : idle;
        }

        /** For the next task; not after a failure. */
        void giveBack(GradientTask task, ProjectedGradients gradients) {
            addIdle(loaded, task.toString(), gradients);
        }

        @Override
        public void close() {
            returned(loaded);
        }
    }

    private static final class Loaded {
        private final DecoderModel model;
        private final Map<String, Deque<ProjectedGradients>> idle = new HashMap<>();
        private int users;
        private long uses;

        Loaded(DecoderModel model) {
            this.model = model;
        }
    }

    static synchronized Lease lease(ShippedModel shipped) {
        Loaded known = MODELS.get(shipped.sha256());
        if (known == null) {
            closeIdle();
            known = new Loaded(LoadedModel.model(shipped.folder()));
            MODELS.put(shipped.sha256(), known);
        }
        known.users++;
        known.uses++;
        return new Lease(known);
    }

    private static synchronized @Nullable ProjectedGradients takeIdle(Loaded loaded, String key) {
        return loaded.idle.computeIfAbsent(key, task -> new ArrayDeque<>()).poll();
    }

    private static synchronized void addIdle(
            Loaded loaded, String key, ProjectedGradients gradients) {
        loaded.idle.computeIfAbsent(key, task -> new ArrayDeque<>()).add(gradients);
    }

    private static synchronized void returned(Loaded loaded) {
        loaded.users--;
        if (loaded.users == 0) {
            long uses = loaded.uses;
            Future<?> unused =
                    CLOCK.schedule(
                            () -> closeUnused(loaded, uses),
                            IDLE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private static synchronized void closeUnused(Loaded loaded, long uses) {
        if (loaded.users == 0 && loaded.uses == uses && MODELS.containsValue(loaded)) {
            MODELS.values().remove(loaded);
            free(loaded);
        }
    }

    /** With what low-rank adapters stand on. */
    private static void free(Loaded loaded) {
        loaded.idle.values().forEach(all -> all.forEach(ProjectedGradients::close));
        DecoderModel model = loaded.model;
        DecoderModel base = model.base();
        model.close();
        if (model.adapters().isPresent()) {
            base.close();
        }
    }

    /** Frees what no task uses; done at once by a program whose executor this process is. */
    static synchronized void closeIdle() {
        MODELS.values()
                .removeIf(
                        loaded -> {
                            boolean idle = loaded.users == 0;
                            if (idle) {
                                free(loaded);
                            }
                            return idle;
                        });
    }

    /** Models that are in memory. */
    static synchronized int count() {
        return MODELS.size();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "dynamics-idle-models");
        thread.setDaemon(true);
        return thread;
    }
}
