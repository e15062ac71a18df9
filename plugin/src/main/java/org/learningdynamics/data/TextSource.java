package org.learningdynamics.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where text is read from: a file, a class-path resource or a string. UTF-8 throughout. */
public final class TextSource {
    private final String name;
    private final Opener opener;

    private TextSource(String name, Opener opener) {
        this.name = name;
        this.opener = opener;
    }

    /**
     * A file.
     *
     * @param file its path
     * @return the source, named by the path as given
     */
    public static TextSource file(Path file) {
        return new TextSource(file.toString(), () -> openFile(file));
    }

    /**
     * A class-path resource.
     *
     * @param owner class beside which the resource lies
     * @param resource its name, as for {@link Class#getResourceAsStream(String)}
     * @return the source, named by the resource
     */
    public static TextSource resource(Class<?> owner, String resource) {
        return new TextSource(
                resource,
                () -> {
                    InputStream in = owner.getResourceAsStream(resource);
                    if (in == null) {
                        throw new DataException(resource + ": no such resource");
                    }
                    return in;
                });
    }

    /**
     * A text in memory.
     *
     * @param name the name that messages give
     * @param text the content
     * @return the source
     */
    public static TextSource text(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new TextSource(name, () -> new ByteArrayInputStream(bytes));
    }

    /**
     * The name that messages give.
     *
     * @return path, resource name or given name
     */
    public String name() {
        return name;
    }

    /**
     * Opens the source from its beginning.
     *
     * @return a stream that the caller closes
     * @throws DataException if the source is missing or cannot be read
     */
    public InputStream open() {
        try {
            return opener.open();
        } catch (NoSuchFileException e) {
            throw new DataException(name + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream openFile(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new DataException(file + ": is a directory, a file is needed");
        }
        return Files.newInputStream(file);
    }

    /** Opens the stream. */
    private interface Opener {
        InputStream open() throws IOException;
    }
}
