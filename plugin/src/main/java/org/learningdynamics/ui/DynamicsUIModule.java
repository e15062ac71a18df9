package org.learningdynamics.ui;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.HttpMethod;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.i18n.I18NResource;

/**
 * Pages of Deeplearning4j's UI for the runs of {@link DynamicsUi}: the list of sessions at {@code
 * /dynamics}, a live report each, and its newer data. Found by the UI's server through {@link
 * java.util.ServiceLoader}; it asks for no statistics of Deeplearning4j's own.
 *
 * <p>Reports are drawn on Vert.x' worker threads, never on its event loop.
 */
public final class DynamicsUIModule implements UIModule {
    /** The list of sessions. */
    public static final String HOME = "/dynamics";

    static final String RUN = HOME + "/run/";
    private static final String DATA = HOME + "/data/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JSON = "application/json";

    /** Called by the UI's server. */
    public DynamicsUIModule() {}

    @Override
    public List<String> getCallbackTypeIDs() {
        return List.of();
    }

    /** Asked for when a server starts, whose own pages then link to these. */
    @Override
    public List<Route> getRoutes() {
        PageLinks.add();
        return List.of(
                new Route(HOME, HttpMethod.GET, (arguments, context) -> list(context)),
                new Route(
                        RUN + ":id",
                        HttpMethod.GET,
                        (arguments, context) ->
                                answer(
                                        context,
                                        arguments,
                                        HTML,
                                        run -> run.report().page("../data/" + run.id(), HOME))),
                new Route(
                        DATA + ":id",
                        HttpMethod.GET,
                        (arguments, context) ->
                                answer(
                                        context,
                                        arguments,
                                        JSON,
                                        run -> run.report().news(version(context)))));
    }

    private static String version(RoutingContext context) {
        return Optional.ofNullable(context.request().getParam("have")).orElse("");
    }

    private static void list(RoutingContext context) {
        work(context, HTML, () -> SessionList.page(DynamicsUi.attached()));
    }

    private static void answer(
            RoutingContext context,
            List<String> arguments,
            String type,
            Function<AttachedRun, String> body) {
        Optional<AttachedRun> run = arguments.stream().findFirst().flatMap(DynamicsUi::find);
        if (run.isEmpty()) {
            head(context, 404, "text/plain; charset=utf-8").end("No such session.\n");
        } else {
            AttachedRun found = run.get();
            work(context, type, () -> body.apply(found));
        }
    }

    private static void work(
            RoutingContext context, String type, java.util.function.Supplier<String> body) {
        context.vertx()
                .<String>executeBlocking(
                        promise -> promise.complete(body.get()),
                        false,
                        result -> {
                            if (result.succeeded()) {
                                head(context, 200, type).end(result.result());
                            } else {
                                context.fail(result.cause());
                            }
                        });
    }

    private static HttpServerResponse head(RoutingContext context, int status, String type) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", "frame-ancestors 'none'");
    }

    @Override
    public void reportStorageEvents(Collection<StatsStorageEvent> events) {
        // Runs are read from their files.
    }

    @Override
    public void onAttach(StatsStorage statsStorage) {
        // Runs are read from their files.
    }

    @Override
    public void onDetach(StatsStorage statsStorage) {
        // Runs are read from their files.
    }

    @Override
    public List<I18NResource> getInternationalizationResources() {
        return PageLinks.wording();
    }
}
