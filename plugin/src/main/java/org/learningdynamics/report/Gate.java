package org.learningdynamics.report;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may see a served report: whoever brings the token that was made at the start, once in the
 * address and from then on as a cookie of another secret. Secrets have 256 random bits and are
 * compared in constant time. The Host header must name this machine by number, as {@code localhost}
 * or as the server was told, so that a page of another site whose name was made to point here (DNS
 * rebinding) gets nothing.
 */
final class Gate {
    private static final int SECRET_BYTES = 32;
    private static final Pattern NUMBERS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]{2,45}]");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final String token;
    private final String secret;
    private final String name;
    private final int port;
    private final boolean loopback;

    /**
     * Makes new secrets.
     *
     * @param random where they come from
     * @param bound the address that the server listens at
     * @param name the host's name as the user gave it
     * @param port the port that the server listens at
     */
    Gate(SecureRandom random, InetAddress bound, String name, int port) {
        this.token = secret(random);
        this.secret = secret(random);
        this.name = name.toLowerCase(Locale.ROOT);
        this.port = port;
        this.loopback = bound.isLoopbackAddress();
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String token() {
        return token;
    }

    /** Cookies know no ports: the name keeps servers on one machine apart. */
    String cookie() {
        return cookieName() + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict";
    }

    private String cookieName() {
        return "dynamics_" + port;
    }

    boolean opensWith(String given) {
        return same(token, given);
    }

    boolean admits(Iterable<String> cookieHeaders) {
        boolean admitted = false;
        for (String header : cookieHeaders) {
            admitted |=
                    Arrays.stream(header.split(";", -1))
                            .map(String::strip)
                            .anyMatch(pair -> same(cookieName() + "=" + secret, pair));
        }
        return admitted;
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    boolean knowsHost(String header) {
        String end = ":" + port;
        String lower = header.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(end)) {
            return false;
        }
        String host = lower.substring(0, lower.length() - end.length());
        return LOOPBACK.contains(host)
                || host.equals(name)
                || (!loopback && NUMBERS.matcher(host).matches());
    }
}
