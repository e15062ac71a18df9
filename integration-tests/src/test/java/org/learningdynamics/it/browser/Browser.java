package org.learningdynamics.it.browser;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real Chromium without a window, driven over the WebDriver protocol. Needs {@code chromium} and
 * {@code chromedriver} on the path.
 */
public final class Browser implements AutoCloseable {
    private static final Gson GSON = new Gson();
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    private Browser(Path chromium, Path chromedriver, Path profile) throws IOException {
        driver =
                new ProcessBuilder(chromedriver.toString(), "--port=0")
                        .redirectErrorStream(true)
                        .start();
        String server = "http://127.0.0.1:" + port() + "/session";
        JsonObject started =
                send("POST", server, capabilities(chromium, profile)).getAsJsonObject();
        session = server + "/" + started.get("sessionId").getAsString();
    }

    /**
     * Starts a browser.
     *
     * @param profile an empty folder for its profile
     * @return the browser, empty where chromium or its driver is not installed
     * @throws IOException if it does not start
     */
    public static Optional<Browser> start(Path profile) throws IOException {
        Optional<Path> chromium = find("chromium");
        Optional<Path> chromedriver = find("chromedriver");
        return chromium.isEmpty() || chromedriver.isEmpty()
                ? Optional.empty()
                : Optional.of(new Browser(chromium.get(), chromedriver.get(), profile));
    }

    private static Optional<Path> find(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private int port() throws IOException {
        BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}));
                drain.setDaemon(true);
                drain.start();
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IOException("chromedriver ended without naming its port");
    }

    private static Object capabilities(Path chromium, Path profile) {
        List<String> arguments =
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile);
        Map<String, Object> options = Map.of("binary", chromium.toString(), "args", arguments);
        Map<String, Object> wanted =
                Map.of(
                        "browserName",
                        "chrome",
                        "goog:chromeOptions",
                        options,
                        "goog:loggingPrefs",
                        Map.of("browser", "ALL", "performance", "ALL"));
        return Map.of("capabilities", Map.of("alwaysMatch", wanted));
    }

    /** Opens a page and waits until it has loaded. */
    public void open(URI page) {
        post("/url", Map.of("url", page.toString()));
    }

    /** Sets the size of the page's view, whatever the least size of a window. */
    public void resize(int width, int height) {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Emulates a medium and a colour scheme. */
    public void media(String medium, String scheme) {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of("media", medium, "features", List.of(feature)));
    }

    /** Sends a command of the developer tools' protocol. */
    public JsonElement devtools(String command, Map<String, ?> parameters) {
        return post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Runs a function body in the page and returns what it returns. */
    public JsonElement script(String body, Object... arguments) {
        return post("/execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    /** Runs a function body whose last argument is called with the result. */
    public JsonElement await(String body) {
        return post("/execute/async", Map.of("script", body, "args", List.of()));
    }

    /** Clicks the middle of the first element that a selector finds, as a mouse does. */
    public void click(String selector) {
        post("/element/" + element(selector) + "/click", Map.of());
    }

    /** Types into the first element that a selector finds. */
    public void type(String selector, String text) {
        post("/element/" + element(selector) + "/value", Map.of("text", text));
    }

    /** Moves the mouse to a place relative to the middle of an element. */
    public void hover(String selector, int right, int down) {
        Map<String, Object> origin = Map.of(ELEMENT, element(selector));
        Map<String, Object> move =
                Map.of(
                        "type",
                        "pointerMove",
                        "duration",
                        0,
                        "origin",
                        origin,
                        "x",
                        right,
                        "y",
                        down);
        Map<String, Object> mouse =
                Map.of("type", "pointer", "id", "mouse", "actions", List.of(move));
        post("/actions", Map.of("actions", List.of(mouse)));
    }

    private String element(String selector) {
        JsonElement found = post("/element", Map.of("using", "css selector", "value", selector));
        return found.getAsJsonObject().get(ELEMENT).getAsString();
    }

    /** Messages since the last call, of the log {@code browser} or {@code performance}. */
    public JsonArray log(String type) {
        return post("/se/log", Map.of("type", type)).getAsJsonArray();
    }

    /** Writes a picture of the whole page. */
    public void screenshot(Path file) throws IOException {
        screenshot(file, true);
    }

    /** Writes a picture of what is in sight, which takes a fraction of the time. */
    public void screenshotOfView(Path file) throws IOException {
        screenshot(file, false);
    }

    private void screenshot(Path file, boolean beyond) throws IOException {
        Map<String, Object> whole =
                Map.of("format", "png", "captureBeyondViewport", beyond, "optimizeForSpeed", true);
        JsonElement shot = devtools("Page.captureScreenshot", whole);
        Files.createDirectories(file.getParent());
        String data = shot.getAsJsonObject().get("data").getAsString();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() {
        try {
            send("DELETE", session, Map.of());
        } finally {
            driver.destroy();
            waitForEnd();
        }
    }

    private void waitForEnd() {
        try {
            if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            driver.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private JsonElement post(String command, Object body) {
        return send("POST", session + command, body);
    }

    private JsonElement send(String method, String address, Object body) {
        HttpRequest.BodyPublisher content =
                method.equals("POST")
                        ? HttpRequest.BodyPublishers.ofString(GSON.toJson(body))
                        : HttpRequest.BodyPublishers.noBody();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address))
                        .timeout(PATIENCE)
                        .method(method, content)
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonElement value =
                    JsonParser.parseString(response.body()).getAsJsonObject().get("value");
            if (response.statusCode() != 200) {
                throw new IllegalStateException(address + ": " + value);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the browser", e);
        }
    }
}
