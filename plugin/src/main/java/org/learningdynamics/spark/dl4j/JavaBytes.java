package org.learningdynamics.spark.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Java's own serialisation, whatever serializer Spark is told to use: others know neither records
 * nor what replaces itself when written.
 */
final class JavaBytes {
    private JavaBytes() {}

    static byte[] of(Serializable value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException("must be serialisable, got " + value.getClass(), e);
        }
        return bytes.toByteArray();
    }

    /** Reads what another process of this application wrote. */
    static <T> T read(byte[] bytes, Class<T> type) {
        try (ObjectInputStream stream = new HereKnown(bytes, type.getClassLoader())) {
            return type.cast(stream.readObject());
        } catch (IOException e) {
            throw new UncheckedIOException("must be a serialised " + type.getSimpleName(), e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "driver and workers must have the same classes, missing " + e.getMessage(), e);
        }
    }

    /**
     * Finds classes where this library is, which a cluster may have loaded by a loader of its own.
     */
    private static final class HereKnown extends ObjectInputStream {
        private final ClassLoader loader;

        HereKnown(byte[] bytes, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description)
                throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
