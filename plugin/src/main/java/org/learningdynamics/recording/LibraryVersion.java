package org.learningdynamics.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote beside this class. */
final class LibraryVersion {
    private LibraryVersion() {}

    static String read() {
        try (InputStream in = LibraryVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                return RunHeader.UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", RunHeader.UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties must be readable", e);
        }
    }
}
