package org.learningdynamics.report;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests to a {@link ReportServer}. */
final class ReportExchange {
    private static final Logger LOG = LoggerFactory.getLogger(ReportServer.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String NO_ENTRY =
            "Please open the address that \"dynamics serve\" printed when it started.\n";

    private final LiveReport report;
    private final Gate gate;

    ReportExchange(LiveReport report, Gate gate) {
        this.report = report;
        this.gate = gate;
    }

    void handle(HttpExchange exchange) throws IOException {
        secure(exchange.getResponseHeaders());
        if (!METHODS.contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, 405, TEXT, "Only GET and HEAD.\n");
        } else if (!knowsHost(exchange)) {
            send(exchange, 403, TEXT, "This server does not go by that name.\n");
        } else {
            enter(exchange);
        }
    }

    private static void secure(Headers headers) {
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
    }

    private boolean knowsHost(HttpExchange exchange) {
        List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        return hosts.size() == 1 && gate.knowsHost(hosts.get(0));
    }

    private void enter(HttpExchange exchange) throws IOException {
        String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
        Optional<String> token = parameter(exchange, "token");
        if (path.equals("/") && token.isPresent()) {
            knock(exchange, token.get());
        } else if (!gate.admits(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()))) {
            send(exchange, 403, TEXT, NO_ENTRY);
        } else {
            serve(exchange, path);
        }
    }

    /** Takes the token out of the address bar and gives the cookie for it. */
    private void knock(HttpExchange exchange, String token) throws IOException {
        if (!gate.opensWith(token)) {
            send(exchange, 403, TEXT, NO_ENTRY);
            return;
        }
        exchange.getResponseHeaders().set("Set-Cookie", gate.cookie());
        exchange.getResponseHeaders().set("Location", "/");
        send(exchange, 303, TEXT, "");
    }

    private void serve(HttpExchange exchange, String path) throws IOException {
        try {
            switch (path) {
                case "/" -> send(exchange, 200, "text/html; charset=utf-8", report.page("data"));
                case "/data" -> {
                    String have = parameter(exchange, "have").orElse("");
                    send(exchange, 200, "application/json", report.news(have));
                }
                default -> send(exchange, 404, TEXT, "Nothing here.\n");
            }
        } catch (RuntimeException e) {
            LOG.error("the report could not be drawn", e);
            send(exchange, 500, TEXT, "The report could not be drawn; see the server's log.\n");
        }
    }

    /** A parameter's first value as it stands; all expected values need no decoding. */
    private static Optional<String> parameter(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).stream()
                .flatMap(query -> Arrays.stream(query.split("&", -1)))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    private static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set(
                "Content-Security-Policy",
                type.startsWith("text/html")
                        ? "frame-ancestors 'none'"
                        : "default-src 'none'; frame-ancestors 'none'");
        if (bytes.length == 0) {
            exchange.sendResponseHeaders(status, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
