package org.learningdynamics.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the checks look, so that tests can show them other machines.
 *
 * @param property system properties by name
 * @param environment environment variables by name
 * @param root the root of the file system
 * @param classPath where resources are looked for
 */
record Host(
        Function<String, Optional<String>> property,
        Function<String, Optional<String>> environment,
        Path root,
        ClassLoader classPath) {
    /** This process. */
    static Host current() {
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? ClassLoader.getSystemClassLoader() : context;
        return new Host(
                name -> Optional.ofNullable(System.getProperty(name)),
                name -> Optional.ofNullable(System.getenv(name)),
                Path.of("/"),
                loader);
    }

    /** A small file's text; empty if it is not there or cannot be read. */
    Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean has(String resource) {
        return classPath.getResource(resource) != null;
    }

    /**
     * Every version of a Maven artifact on the class path that says which it is. Copies under other
     * package names inside of other libraries are not meant: only where the artifact's own class
     * is.
     */
    List<String> versions(String group, String artifact, String ownClass) {
        String name = "META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        List<String> versions = new ArrayList<>();
        try {
            Set<String> places = places(ownClass);
            for (URL url : Collections.list(classPath.getResources(name))) {
                if (places.contains(place(url, name))) {
                    version(url).ifPresent(versions::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of the class path", e);
        }
        return versions;
    }

    /** The jars and folders that hold a resource. */
    private Set<String> places(String resource) throws IOException {
        Set<String> places = new HashSet<>();
        for (URL url : Collections.list(classPath.getResources(resource))) {
            places.add(place(url, resource));
        }
        return places;
    }

    private static String place(URL url, String resource) {
        String all = url.toString();
        return all.substring(0, all.length() - resource.length());
    }

    private static Optional<String> version(URL url) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
            properties.load(in);
        }
        return Optional.ofNullable(properties.getProperty("version"));
    }
}
