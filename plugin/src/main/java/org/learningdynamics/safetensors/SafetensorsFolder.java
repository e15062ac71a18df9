package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a checkpoint folder: one file {@code model.safetensors}, or shards that {@code
 * model.safetensors.index.json} names. Index and shards must agree: every shard there, every tensor
 * in the shard that the index names, no tensor that the index lacks.
 */
public final class SafetensorsFolder implements TensorStore {
    static final String SINGLE_FILE = "model.safetensors";

    private static final int NAMED = 10;

    private final Path folder;
    private final Map<String, Safetensors> files;
    private final Map<String, Safetensors> owners;
    private final Map<String, TensorInfo> tensors;

    private SafetensorsFolder(Path folder, Map<String, Safetensors> files) {
        this.folder = folder;
        this.files = files;
        owners = new LinkedHashMap<>();
        tensors = new LinkedHashMap<>();
        for (Safetensors file : files.values()) {
            tensors.putAll(file.tensors());
            file.tensors().keySet().forEach(name -> owners.put(name, file));
        }
    }

    /**
     * Opens a folder's weights and checks every header, and the index against them.
     *
     * @param folder a folder with one of the two
     * @return its tensors, to be closed by the caller
     * @throws SafetensorsException if index and shards do not agree or one breaks a rule of the
     *     format; missing and surplus tensors are named, ten of each kind at most
     * @throws IOException if the folder holds neither or both, or a file cannot be read
     */
    public static SafetensorsFolder open(Path folder) throws IOException {
        Path index = folder.resolve(ShardIndex.FILE);
        Path single = folder.resolve(SINGLE_FILE);
        if (Files.exists(index) == Files.exists(single)) {
            throw new IOException(
                    "%s must hold either %s or %s, it holds %s"
                            .formatted(
                                    folder,
                                    SINGLE_FILE,
                                    ShardIndex.FILE,
                                    Files.exists(index) ? "both" : "neither"));
        }
        return Files.exists(index)
                ? openShards(folder, index)
                : new SafetensorsFolder(folder, Map.of(SINGLE_FILE, Safetensors.open(single)));
    }

    private static SafetensorsFolder openShards(Path folder, Path file) throws IOException {
        ShardIndex index = ShardIndex.read(file);
        Set<String> names = new LinkedHashSet<>(index.shards().values());
        List<String> missing =
                names.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
        if (!missing.isEmpty()) {
            throw new SafetensorsException(file, "shards missing: " + some(missing));
        }
        Map<String, Safetensors> opened = new LinkedHashMap<>();
        boolean sound = false;
        try {
            for (String name : names) {
                opened.put(name, Safetensors.open(folder.resolve(name)));
            }
            check(file, index, opened);
            sound = true;
        } finally {
            if (!sound) {
                closeAll(opened.values());
            }
        }
        return new SafetensorsFolder(folder, opened);
    }

    private static void check(Path file, ShardIndex index, Map<String, Safetensors> opened)
            throws SafetensorsException {
        List<String> problems = new ArrayList<>();
        List<String> lacking =
                index.shards().entrySet().stream()
                        .filter(e -> !holds(opened, e.getValue(), e.getKey()))
                        .map(e -> e.getKey() + " (" + e.getValue() + ")")
                        .toList();
        if (!lacking.isEmpty()) {
            problems.add("tensors that their shards lack: " + some(lacking));
        }
        List<String> surplus = new ArrayList<>();
        opened.forEach(
                (shard, content) ->
                        content.tensors().keySet().stream()
                                .filter(name -> !shard.equals(index.shards().get(name)))
                                .forEach(name -> surplus.add(name + " (" + shard + ")")));
        if (!surplus.isEmpty()) {
            problems.add("tensors of shards that the index lacks: " + some(surplus));
        }
        if (!problems.isEmpty()) {
            throw new SafetensorsException(file, String.join("; ", problems));
        }
    }

    private static boolean holds(Map<String, Safetensors> opened, String shard, String name) {
        Safetensors content = opened.get(shard);
        return content != null && content.tensors().containsKey(name);
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        int rest = names.size() - NAMED;
        return rest > 0 ? first + " and " + rest + " more" : first;
    }

    /**
     * The header's texts of every file.
     *
     * @return texts by name, by name of file
     */
    public Map<String, Map<String, String>> metadata() {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        files.forEach((name, file) -> all.put(name, file.metadata()));
        return Collections.unmodifiableMap(all);
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public INDArray read(String name, DataType type) throws IOException {
        return owner(name).read(name, type);
    }

    @Override
    public void readInto(String name, INDArray target) throws IOException {
        owner(name).readInto(name, target);
    }

    private Safetensors owner(String name) {
        Safetensors owner = owners.get(name);
        if (owner == null) {
            throw new IllegalArgumentException(
                    folder + " must hold tensor " + name + ", it does not");
        }
        return owner;
    }

    /** Closes every file; arrays that were read stay valid. */
    @Override
    public void close() throws IOException {
        closeAll(files.values());
    }

    private static void closeAll(Collection<Safetensors> files) throws IOException {
        for (Safetensors file : files) {
            file.close();
        }
    }
}
