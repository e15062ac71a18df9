package org.learningdynamics.spark;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.learningdynamics.sweep.RunnerException;

/** Tells in plain words what Spark could not send, before Spark tries. */
final class Sendable {
    private Sendable() {}

    static void require(Object sent) {
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            out.writeObject(sent);
        } catch (NotSerializableException e) {
            throw new RunnerException(
                    "what is sent to a cluster must be serializable, " + e.getMessage() + " is not",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
