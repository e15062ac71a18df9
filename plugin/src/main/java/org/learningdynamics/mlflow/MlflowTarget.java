package org.learningdynamics.mlflow;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Which MLflow server runs are sent to, and how.
 *
 * @param uri the server's address, {@code http} or {@code https}
 * @param experiment name of the experiment, created if there is none; empty for the server's
 *     default one
 * @param credentials who asks
 * @param timeout how long one request may take
 */
public record MlflowTarget(
        URI uri, String experiment, MlflowCredentials credentials, Duration timeout) {
    /** How long one request may take if nothing else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Checks the address and the timeout.
     *
     * @param uri the server's address
     * @param experiment name of the experiment
     * @param credentials who asks
     * @param timeout how long one request may take
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public MlflowTarget {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "uri must begin with http:// or https://, got " + uri);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
        }
    }

    /**
     * A server, with the credentials of the environment variables that MLflow's own clients read.
     *
     * @param uri the server's address
     * @return the target, for the server's default experiment
     * @throws IllegalArgumentException if {@code uri} is neither http nor https
     */
    public static MlflowTarget of(URI uri) {
        return of(uri, System.getenv());
    }

    static MlflowTarget of(URI uri, Map<String, String> environment) {
        MlflowCredentials credentials = MlflowCredentials.of(environment);
        return new MlflowTarget(uri, "", credentials, DEFAULT_TIMEOUT);
    }

    /**
     * Chooses the experiment.
     *
     * @param name its name, empty for the server's default one
     * @return the changed target
     */
    public MlflowTarget experiment(String name) {
        return new MlflowTarget(uri, name, credentials, timeout);
    }

    /**
     * Limits the time of a request.
     *
     * @param limit how long one request may take
     * @return the changed target
     * @throws IllegalArgumentException if it is not positive
     */
    public MlflowTarget timeout(Duration limit) {
        return new MlflowTarget(uri, experiment, credentials, limit);
    }
}
