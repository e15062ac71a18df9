package org.learningdynamics.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaSparkContext;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Sha256;

/**
 * A model's files on their way to executors, which fetch them from the driver once a process; no
 * file system has to be shared. The files on the driver must stay until the context ends, as
 * executors that start later fetch them too.
 *
 * @param id prefix of the files' names at the executors, used once
 * @param names the files' own names
 * @param sha256 digest of the weights: of the one file, or of the digests of several
 */
record ShippedModel(String id, ArrayList<String> names, String sha256) implements Serializable {
    private static final List<String> ENDINGS =
            List.of(".safetensors", ".json", ".jinja", ".txt", ".model");

    /**
     * Hands the files to Spark.
     *
     * @param model a model folder, or one safetensors file of ours with a tokenizer beside it
     */
    static ShippedModel ship(JavaSparkContext context, Path model) {
        Map<String, Path> files = files(model);
        String id = UUID.randomUUID().toString();
        try {
            Path links = Files.createTempDirectory("dynamics-model");
            links.toFile().deleteOnExit();
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Path link = links.resolve(id + "-" + file.getKey());
                Files.createSymbolicLink(link, file.getValue().toRealPath());
                link.toFile().deleteOnExit();
                context.addFile(link.toUri().toString());
            }
        } catch (IOException e) {
            throw new DataException(model + ": cannot be sent to executors: " + e.getMessage(), e);
        }
        return new ShippedModel(id, new ArrayList<>(files.keySet()), digest(files));
    }

    /** By the name that each has in a model folder, sorted. */
    private static Map<String, Path> files(Path model) {
        Map<String, Path> files = new TreeMap<>();
        if (Files.isRegularFile(model)) {
            files.put(LoadedModel.MODEL_FILE, model);
            Path words = model.toAbsolutePath().resolveSibling(LoadedModel.TOKENIZER_FILE);
            if (Files.exists(words)) {
                files.put(LoadedModel.TOKENIZER_FILE, words);
            }
            return files;
        }
        if (!LoadedModel.isPretrained(model)) {
            Path own = model.resolve(LoadedModel.MODEL_FILE);
            if (!Files.isRegularFile(own)) {
                throw new DataException(
                        model + ": no model here, " + LoadedModel.MODEL_FILE + " is missing");
            }
            return files(own);
        }
        try (Stream<Path> inside = Files.list(model)) {
            inside.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(name(file)::endsWith))
                    .forEach(file -> files.put(name(file), file));
        } catch (IOException e) {
            throw new DataException(model + ": cannot be read: " + e.getMessage(), e);
        }
        return files;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String digest(Map<String, Path> files) {
        List<String> digests =
                files.entrySet().stream()
                        .filter(file -> file.getKey().endsWith(".safetensors"))
                        .map(file -> Sha256.ofFile(file.getValue()))
                        .toList();
        return digests.size() == 1 ? digests.get(0) : Sha256.ofParts(digests);
    }

    /** The model folder, put together where the files have arrived. */
    Path folder() {
        Path folder = Path.of(SparkFiles.getRootDirectory()).resolve("dynamics-" + id);
        try {
            Files.createDirectories(folder);
            for (String name : names) {
                link(folder.resolve(name), Path.of(SparkFiles.get(id + "-" + name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " must take the model's files", e);
        }
        return folder;
    }

    /** Another task of this process may be doing the same. */
    private static void link(Path link, Path file) throws IOException {
        if (!Files.exists(link)) {
            try {
                Files.createLink(link, file);
            } catch (FileAlreadyExistsException e) {
                return;
            }
        }
    }
}
