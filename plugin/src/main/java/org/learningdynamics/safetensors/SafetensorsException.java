package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.file.Path;

/** A file that breaks the format's rules; the message names file, tensor, rule and value. */
public final class SafetensorsException extends IOException {
    private static final long serialVersionUID = 1;

    SafetensorsException(Path file, String problem) {
        super(file + ": " + problem);
    }

    SafetensorsException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    static SafetensorsException ofTensor(Path file, String tensor, String problem) {
        return new SafetensorsException(file, "tensor " + tensor + ": " + problem);
    }
}
