package org.learningdynamics.report;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Bytes to a port of this machine and what comes back, whether they are a request or not. */
final class RawRequest {
    private static final int MOST_READ = 1 << 16;

    private RawRequest() {}

    static String send(int port, String text) throws IOException {
        return send(port, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends, says that nothing more will come, and reads the beginning of the answer. */
    static String send(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                return read(socket.getInputStream());
            } catch (SocketException e) {
                return ""; // the server hung up while it was still being talked to
            }
        }
    }

    private static String read(InputStream in) throws IOException {
        byte[] answer = in.readNBytes(MOST_READ);
        return new String(answer, StandardCharsets.ISO_8859_1);
    }
}
