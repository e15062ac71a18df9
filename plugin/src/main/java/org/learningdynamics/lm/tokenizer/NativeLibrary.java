package org.learningdynamics.lm.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.learningdynamics.data.DataException;

/**
 * Opens native tokenizers without any connection. DJL asks the cloud it runs in for the machine's
 * identity and reports it home when an instance is created, unless the property {@code
 * OPT_OUT_TRACKING} or its offline mode forbids that; where it finds a GPU it wants to download
 * another build of its library, unless offline. It unpacks its library into the home folder, unless
 * {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR} names another, and JNA, with which it looks for
 * GPUs, does so unless {@code jna.tmpdir} does. So the first property is set for good, offline mode
 * while an instance is created, and both libraries are unpacked into a private temporary folder
 * that is deleted behind them, unless those properties are set.
 */
final class NativeLibrary {
    private static final String OPT_OUT = "OPT_OUT_TRACKING";
    private static final String OFFLINE = "ai.djl.offline";
    private static final String CACHE = "ENGINE_CACHE_DIR";
    private static final String JNA_FOLDER = "jna.tmpdir";
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private static boolean loaded;

    private NativeLibrary() {}

    static synchronized HuggingFaceTokenizer open(String json) {
        System.setProperty(OPT_OUT, "true");
        String before = System.setProperty(OFFLINE, "true");
        try {
            if (!Utils.isOfflineMode()) {
                throw new DataException(
                        "the environment variable DJL_OFFLINE must be true or unset, got "
                                + Utils.getenv("DJL_OFFLINE")
                                + ": tokenizers are read without any connection");
            }
            return loaded ? create(json) : createUnpacking(json);
        } catch (IOException e) {
            throw new UncheckedIOException("the native library cannot be unpacked", e);
        } finally {
            restore(OFFLINE, before);
        }
    }

    private static HuggingFaceTokenizer create(String json) throws IOException {
        HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.newInstance(
                        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), OPTIONS);
        loaded = true;
        return tokenizer;
    }

    private static HuggingFaceTokenizer createUnpacking(String json) throws IOException {
        Path folder = Files.createTempDirectory("learning-dynamics-tokenizers");
        String cache = System.getProperty(CACHE);
        String jna = System.getProperty(JNA_FOLDER);
        try {
            if (!isChosen(CACHE) && !isChosen("DJL_CACHE_DIR")) {
                System.setProperty(CACHE, folder.toString());
            }
            if (jna == null) {
                System.setProperty(JNA_FOLDER, folder.toString());
            }
            return create(json);
        } finally {
            restore(CACHE, cache);
            restore(JNA_FOLDER, jna);
            delete(folder);
        }
    }

    private static boolean isChosen(String folder) {
        String name = Utils.getEnvOrSystemProperty(folder);
        return name != null && !name.isEmpty();
    }

    private static void restore(String property, String before) {
        if (before == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, before);
        }
    }

    /** Deepest first; what the system still holds goes when Java ends. */
    private static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.naturalOrder()).toList();
        }
        for (Path path : paths) {
            path.toFile().deleteOnExit();
        }
        for (int i = paths.size() - 1; i >= 0; i--) {
            if (!paths.get(i).toFile().delete()) {
                return;
            }
        }
    }
}
