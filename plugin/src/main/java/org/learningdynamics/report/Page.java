package org.learningdynamics.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the page together: template, style, data, chart library and script. The content security
 * policy lets the two scripts and the style run by their hashes and forbids everything else, the
 * network included.
 */
final class Page {
    static final String ECHARTS_VERSION = "5.5.0";

    private static final String ECHARTS =
            "/META-INF/resources/webjars/echarts/" + ECHARTS_VERSION + "/echarts.min.js";
    private static final List<String> SCRIPTS =
            List.of(
                    "dom",
                    "palette",
                    "charts",
                    "heat",
                    "story",
                    "tables",
                    "panels",
                    "scatter",
                    "compare",
                    "accumulated",
                    "classes",
                    "metrics",
                    "influence",
                    "influence-batch",
                    "influence-run",
                    "influence-top",
                    "probes",
                    "tokens",
                    "masses",
                    "live",
                    "main");
    private static final List<String> SWEEP_SCRIPTS = List.of("dom", "palette", "charts", "sweep");
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private Page() {}

    /** The page of a file, which never changes. */
    static String of(String data) {
        return of(data, "", "");
    }

    /** A page that asks an address on its own server for newer data than those of a version. */
    static String live(String data, String address, String home, String version) {
        String tags =
                """
                <meta name="live-address" content="%s">
                <meta name="live-home" content="%s">
                <meta name="live-version" content="%s">
                """
                        .formatted(escape(address), escape(home), escape(version));
        return of(data, tags, "; connect-src 'self'");
    }

    /** The page of a sweep. */
    static String sweep(String data) {
        return of("sweep.html", SWEEP_SCRIPTS, data, "", "");
    }

    private static String of(String data, String live, String network) {
        return of("report.html", SCRIPTS, data, live, network);
    }

    private static String of(
            String template, List<String> scripts, String data, String live, String network) {
        String style = resource("report.css");
        String script =
                "(function () {\n\"use strict\";\n"
                        + scripts.stream()
                                .map(name -> resource("js/" + name + ".js"))
                                .collect(Collectors.joining("\n"))
                        + "})();\n";
        String echarts = read(ECHARTS);
        String policy =
                "default-src 'none'; script-src 'sha256-"
                        + sha256(echarts)
                        + "' 'sha256-"
                        + sha256(script)
                        + "'; style-src 'sha256-"
                        + sha256(style)
                        + "'; img-src data:; base-uri 'none'; form-action 'none'"
                        + network;
        return fill(
                resource(template),
                Map.of(
                        "policy", policy,
                        "live", live,
                        "style", style,
                        "data", data,
                        "echarts", echarts,
                        "script", script,
                        "licences", escape(resource("licences.txt"))));
    }

    /** Fills the places in one pass, so that what is filled in is never looked at again. */
    static String fill(String template, Map<String, String> values) {
        Matcher place = PLACE.matcher(template);
        StringBuilder page = new StringBuilder();
        int from = 0;
        while (place.find()) {
            page.append(template, from, place.start()).append(values.get(place.group(1)));
            from = place.end();
        }
        return page.append(template, from, template.length()).toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static String resource(String name) {
        return read("/org/learningdynamics/report/" + name);
    }

    private static String read(String path) {
        try (InputStream in = Page.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("class path must hold " + path);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
