package org.learningdynamics.lm.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Run in a Java of its own: refuses and notes every connection that Java code asks for, opens a
 * tokenizer, and prints what was asked for. With "djl" as first argument DJL opens it, else this
 * package.
 */
final class OfflineProcess {
    private static final List<String> ASKED = Collections.synchronizedList(new ArrayList<>());

    private OfflineProcess() {}

    public static void main(String[] args) throws IOException {
        ProxySelector.setDefault(new NotingSelector());
        URL.setURLStreamHandlerFactory(
                protocol ->
                        Set.of("http", "https", "ftp").contains(protocol)
                                ? new NotingHandler()
                                : null);
        trapSockets();
        Path folder = Path.of(args[1]);
        if (args[0].equals("djl")) {
            HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json")).close();
        } else {
            PretrainedTokenizer tokenizer = PretrainedTokenizer.load(folder);
            PretrainedTokenizer.load(folder);
            System.out.println("decoded " + tokenizer.decode(tokenizer.encode("the cat")));
        }
        ASKED.forEach(asked -> System.out.println("asked " + asked));
        System.out.println("done");
    }

    @SuppressWarnings("deprecation") // The only way to see every socket of the process.
    private static void trapSockets() throws IOException {
        Socket.setSocketImplFactory(OfflineProcess::refuse);
    }

    private static SocketImpl refuse() {
        ASKED.add("socket");
        throw new IllegalStateException("no sockets here");
    }

    private static final class NotingSelector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            ASKED.add(uri.toString());
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            ASKED.add(uri.toString());
        }
    }

    private static final class NotingHandler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            ASKED.add(url.toString());
            throw new IOException("no connections here");
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            return openConnection(url);
        }

        @Override
        protected InetAddress getHostAddress(URL url) {
            ASKED.add(url.toString());
            return null;
        }
    }
}
