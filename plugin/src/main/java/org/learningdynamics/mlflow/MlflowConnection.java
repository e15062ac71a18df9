package org.learningdynamics.mlflow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * MLflow's client with a limit on how long a request may take, which it lacks: requests run on a
 * thread of their own that is given up when the time is over. Used by one thread at a time.
 */
final class MlflowConnection implements AutoCloseable {
    private static final String DEFAULT_EXPERIMENT = "0";
    private static final String PROXIED = "mlflow-artifacts";

    private final MlflowTarget target;
    private final MlflowClient client;
    private final ExecutorService requests;

    MlflowConnection(MlflowTarget target) {
        this.target = target;
        String host = target.uri().toString().replaceAll("/+$", "");
        MlflowCredentials who = target.credentials();
        this.client =
                new MlflowClient(
                        who.token().isEmpty()
                                ? new BasicMlflowHostCreds(host, who.user(), who.password())
                                : new BasicMlflowHostCreds(host, who.token()));
        this.requests =
                Executors.newCachedThreadPool(
                        work -> {
                            Thread thread = new Thread(work, "mlflow-request");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Starts a run; returns what the server calls it and where its artefacts go. */
    RunInfo createRun(String name, long startMillis, List<RunTag> tags) throws IOException {
        return ask(
                () ->
                        client.createRun(
                                CreateRun.newBuilder()
                                        .setExperimentId(experiment())
                                        .setRunName(name)
                                        .setStartTime(startMillis)
                                        .addAllTags(tags)
                                        .build()));
    }

    private String experiment() {
        String name = target.experiment();
        return name.isEmpty()
                ? DEFAULT_EXPERIMENT
                : client.getExperimentByName(name)
                        .map(Experiment::getExperimentId)
                        .orElseGet(() -> client.createExperiment(name));
    }

    void log(String run, List<Metric> metrics, List<Param> params, List<RunTag> tags)
            throws IOException {
        ask(
                () -> {
                    client.logBatch(run, metrics, params, tags);
                    return run;
                });
    }

    void finish(String run, long endMillis) throws IOException {
        ask(
                () -> {
                    client.setTerminated(run, RunStatus.FINISHED, endMillis);
                    return run;
                });
    }

    /**
     * Stores a file as an artefact. Where the server passes artefacts on itself, it is put there;
     * for every other store MLflow's Java client calls the Python program {@code mlflow}.
     */
    void upload(RunInfo run, Path file) throws IOException {
        URI store = URI.create(run.getArtifactUri());
        ask(
                () -> {
                    if (PROXIED.equals(store.getScheme())) {
                        put(store, file);
                    } else {
                        client.logArtifact(run.getRunId(), file.toFile());
                    }
                    return run;
                });
    }

    private void put(URI store, Path file) throws IOException, InterruptedException {
        String root = target.uri().toString().replaceAll("/+$", "");
        URI address =
                URI.create(
                        root
                                + "/api/2.0/mlflow-artifacts/artifacts"
                                + store.getRawPath()
                                + "/"
                                + file.getFileName());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .timeout(target.timeout())
                        .PUT(HttpRequest.BodyPublishers.ofFile(file));
        authorise(request);
        HttpResponse<Void> answer =
                HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(
                    "storing " + file.getFileName() + " was answered with " + answer.statusCode());
        }
    }

    private void authorise(HttpRequest.Builder request) {
        MlflowCredentials who = target.credentials();
        if (!who.token().isEmpty()) {
            request.header("Authorization", "Bearer " + who.token());
        } else if (!who.user().isEmpty()) {
            byte[] pair = (who.user() + ":" + who.password()).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }
    }

    private <T> T ask(Callable<T> request) throws IOException {
        Future<T> answer = requests.submit(request);
        try {
            return answer.get(target.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(target.uri() + ": did not answer within " + target.timeout(), e);
        } catch (ExecutionException e) {
            throw new IOException(target.uri() + ": " + reason(e), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(target.uri() + ": interrupted while waiting for it", e);
        }
    }

    /** The first line of the innermost message. */
    private static String reason(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        String message = inner.getMessage() == null ? inner.toString() : inner.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    /** Gives up what is still under way. */
    @Override
    public void close() {
        requests.shutdownNow();
        client.close();
    }
}
