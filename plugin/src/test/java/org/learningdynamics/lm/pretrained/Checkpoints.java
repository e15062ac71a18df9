package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Small random checkpoints with golden outputs, written by integration-tests' checkpoint_peer.py;
 * provenance.json beside them names versions, seed and command.
 */
final class Checkpoints {
    static final List<String> NAMES =
            List.of(
                    "gpt-neox-parallel",
                    "gpt-neox-sequential",
                    "llama-grouped",
                    "llama-half",
                    "qwen2-tied",
                    "qwen2-untied",
                    "gpt2");

    private Checkpoints() {}

    static Path folder(String name) {
        URL config = Checkpoints.class.getResource(name + "/config.json");
        try {
            Path file = Path.of(Objects.requireNonNull(config, name).toURI());
            return Objects.requireNonNull(file.getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy that a test may damage, without the golden outputs. */
    static Path copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(folder(name))) {
            for (Path file : files.toList()) {
                if (!file.endsWith("golden.safetensors")) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
        return target;
    }
}
