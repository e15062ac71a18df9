package org.learningdynamics.listener;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;

/** Counts failures and logs the first of each sort. */
final class FailureLog {
    enum Sort {
        PROBE("A batch of probes could not be measured; training goes on without it"),
        RECORDER("The recorder failed; training goes on"),
        CALLBACK("The learning dynamics listener failed; training goes on");

        private final String message;

        Sort(String message) {
            this.message = message;
        }
    }

    private final Logger logger;
    private final Map<Sort, AtomicLong> counts = new EnumMap<>(Sort.class);

    FailureLog(Logger logger) {
        this.logger = logger;
        for (Sort sort : Sort.values()) {
            counts.put(sort, new AtomicLong());
        }
    }

    void add(Sort sort, Throwable cause) {
        if (counter(sort).getAndIncrement() == 0) {
            logger.warn("{} (logged once)", sort.message, cause);
        }
    }

    /** Runs a callback; nothing it throws goes further. */
    void guard(Sort sort, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            add(sort, e);
        }
    }

    /** Runs a callback with a result, which is empty if it fails. */
    <T> Optional<T> supply(Sort sort, Supplier<Optional<T>> task) {
        try {
            return task.get();
        } catch (Throwable e) {
            add(sort, e);
            return Optional.empty();
        }
    }

    ListenerFailures counts() {
        return new ListenerFailures(
                counter(Sort.PROBE).get(),
                counter(Sort.RECORDER).get(),
                counter(Sort.CALLBACK).get());
    }

    private AtomicLong counter(Sort sort) {
        return Objects.requireNonNull(counts.get(sort));
    }
}
