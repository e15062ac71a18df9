package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.learningdynamics.data.DataException;

/**
 * The folders that a run can be resumed from, {@code NAME-update000120} each: whole or not there.
 *
 * @param directory holds them
 * @param run the run's name
 */
record StateFolder(Path directory, String run) {
    static final String MODEL = "model.safetensors";
    static final String UPDATER = "updater.safetensors";
    static final String REFERENCE = "reference.safetensors";
    static final String STATE = "state.json";

    private static final String HIDDEN = ".tmp";

    /** Fills a folder. */
    @FunctionalInterface
    interface Content {
        void write(Path folder) throws IOException;
    }

    Path folder(int updates) {
        return directory.resolve(String.format(Locale.ROOT, "%s-update%06d", run, updates));
    }

    /** Writes into a hidden folder, which gets its name when everything is on the disk. */
    void write(int updates, Content content) throws IOException {
        Path target = folder(updates);
        Path hidden = hidden(target);
        Files.createDirectory(hidden);
        content.write(hidden);
        if (Files.exists(target)) {
            delete(target);
        }
        Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes all but the newest. */
    void keep(int newest) throws IOException {
        List<Path> all = all();
        for (Path old : all.subList(0, Math.max(0, all.size() - newest))) {
            delete(old);
        }
    }

    /** Removes what a killed process of this run left behind half written or half deleted. */
    void clean() throws IOException {
        for (Path left : matching(Pattern.compile(pattern("\\.") + "\\..*" + HIDDEN))) {
            empty(left);
        }
    }

    /** All of this run, oldest first. */
    List<Path> all() throws IOException {
        return matching(Pattern.compile(pattern("")));
    }

    private String pattern(String prefix) {
        return prefix + Pattern.quote(run) + "-update\\d{6,}";
    }

    private List<Path> matching(Pattern names) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
                if (names.matcher(path.getFileName().toString()).matches()) {
                    found.add(path);
                }
            }
        }
        found.sort(Comparator.comparing((Path p) -> p.toString().length()).thenComparing(p -> p));
        return found;
    }

    private static Path hidden(Path folder) {
        return folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + HIDDEN);
    }

    /** Takes the name away first, so that no half folder has it. */
    private static void delete(Path folder) throws IOException {
        Path hidden = hidden(folder);
        Files.move(folder, hidden, StandardCopyOption.ATOMIC_MOVE);
        empty(hidden);
    }

    private static void empty(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /**
     * The folder to resume from.
     *
     * @param path such a folder, or a directory with folders of this run, of which the newest
     * @throws DataException if there is none
     */
    static Path find(Path path, String run) {
        if (Files.exists(path.resolve(STATE))) {
            return path;
        }
        try {
            List<Path> all = Files.isDirectory(path) ? new StateFolder(path, run).all() : List.of();
            if (all.isEmpty()) {
                throw new DataException(
                        path + ": must hold a state of run " + run + " to resume, has none");
            }
            return all.get(all.size() - 1);
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
