package org.learningdynamics.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a report that follows its run files, by default to this machine alone.
 *
 * <p>Two things can be asked for, by exact path: the page, {@code /}, and its newer data, {@code
 * /data}. No path, name or parameter of a request reaches the file system. Only {@code GET} and
 * {@code HEAD} are answered, and only to whoever brings the secret of {@link #address()}, see
 * {@link Gate}; there is no encryption, so that a server that listens beyond this machine shows its
 * secret and its data to whoever reads the network's traffic.
 *
 * <p>A request must arrive within 10 seconds and its head have at most 16 KiB; answers must be
 * taken within 2 minutes. These limits are those of the Java platform's server and hold for all of
 * them in the process, unless its system properties {@code sun.net.httpserver.maxReqTime}, {@code
 * maxReqHeaderSize} and {@code maxRspTime} say otherwise. Each request has a thread of its own out
 * of at most 128, so that slow clients do not hold up others.
 */
public final class ReportServer implements AutoCloseable {
    /** The address that is listened at if nothing else is said: this machine alone. */
    public static final String DEFAULT_HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(ReportServer.class);
    private static final int MAX_THREADS = 128;

    static {
        limit("maxReqTime", 10);
        limit("maxRspTime", 120);
        limit("maxReqHeaderSize", 16 << 10);
        limit("maxReqHeaders", 64);
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final URI address;

    private ReportServer(HttpServer server, ExecutorService threads, URI address) {
        this.server = server;
        this.threads = threads;
        this.address = address;
    }

    /** Sets a limit of the platform's server, which reads it once in the life of a process. */
    private static void limit(String name, int value) {
        String property = "sun.net.httpserver." + name;
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /**
     * Starts a server.
     *
     * @param report what is served
     * @param host name or number of the address to listen at, such as {@link #DEFAULT_HOST}
     * @param port the port, 0 for any that is free
     * @return the server, which runs until it is closed
     * @throws IOException if the host is unknown or the port is taken
     * @throws IllegalArgumentException if {@code port} is not between 0 and 65535
     */
    public static ReportServer start(LiveReport report, String host, int port) throws IOException {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be in [0, 65535], got " + port);
        }
        InetAddress bound = InetAddress.getByName(host);
        HttpServer server = HttpServer.create(new InetSocketAddress(bound, port), 0);
        int taken = server.getAddress().getPort();
        Gate gate = new Gate(new SecureRandom(), bound, host, taken);
        ReportExchange answer = new ReportExchange(report, gate);
        server.createContext("/", exchange -> answer(answer, exchange));
        ExecutorService threads = threads();
        server.setExecutor(threads);
        server.start();
        return new ReportServer(server, threads, address(host, taken, gate));
    }

    private static ExecutorService threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                MAX_THREADS,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> {
                    Thread thread = new Thread(work, "report-server-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private static URI address(String host, int port, Gate gate) {
        String shown = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create("http://" + shown + ":" + port + "/?token=" + gate.token());
    }

    private static void answer(ReportExchange answer, HttpExchange exchange) {
        try (exchange) {
            answer.handle(exchange);
        } catch (IOException e) {
            LOG.debug("a client went away", e);
        }
    }

    /**
     * Where a browser finds the report. The address holds the secret: give it to nobody else.
     *
     * @return the page's address with its token
     */
    public URI address() {
        return address;
    }

    /** Stops listening and drops what is still being answered. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
