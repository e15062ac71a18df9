package org.learningdynamics.mlflow;

import java.util.Map;

/**
 * Who sends to a server: a token, or a user with a password, or nobody. Never printed.
 *
 * @param token a bearer token, empty for none
 * @param user a user's name, empty for none
 * @param password the user's password
 */
public record MlflowCredentials(String token, String user, String password) {
    /** No credentials. */
    public static final MlflowCredentials NONE = new MlflowCredentials("", "", "");

    static MlflowCredentials of(Map<String, String> environment) {
        return new MlflowCredentials(
                environment.getOrDefault("MLFLOW_TRACKING_TOKEN", ""),
                environment.getOrDefault("MLFLOW_TRACKING_USERNAME", ""),
                environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""));
    }

    /**
     * Names the kind of credentials alone.
     *
     * @return a text without any secret
     */
    @Override
    public String toString() {
        return !token.isEmpty() ? "a token" : user.isEmpty() ? "nobody" : "a user and a password";
    }
}
