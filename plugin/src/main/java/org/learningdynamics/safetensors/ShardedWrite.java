package org.learningdynamics.safetensors;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes the weights of a folder: every new file first, then all of them into place. */
final class ShardedWrite {
    private static final Pattern WEIGHTS =
            Pattern.compile(
                    "model\\.safetensors(\\.index\\.json)?|model-\\d{5}-of-\\d{5}\\.safetensors");

    private final Path folder;
    private final Stage stage;

    /** Writes a complete file that is not published yet. */
    @FunctionalInterface
    interface Stage {
        NewFile write(Path file, List<PendingTensor> content) throws IOException;
    }

    ShardedWrite(Path folder, Stage stage) {
        this.folder = folder;
        this.stage = stage;
    }

    void write(List<PendingTensor> tensors, long maxShardBytes) throws IOException {
        List<List<PendingTensor>> shards = shards(tensors, maxShardBytes);
        List<NewFile> staged = new ArrayList<>();
        try {
            stageAll(shards, staged);
            removeOldWeights();
            for (NewFile file : staged) {
                file.publish();
            }
        } finally {
            for (Closeable file : staged) {
                file.close();
            }
        }
    }

    private void stageAll(List<List<PendingTensor>> shards, List<NewFile> staged)
            throws IOException {
        Map<String, String> places = new LinkedHashMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            String name = name(i, shards.size());
            staged.add(stage.write(folder.resolve(name), shards.get(i)));
            for (PendingTensor tensor : shards.get(i)) {
                places.put(tensor.name(), name);
                total += tensor.bytes();
            }
        }
        if (shards.size() > 1) {
            ByteBuffer json = ByteBuffer.wrap(new ShardIndex(places).toJson(total));
            Path index = folder.resolve(ShardIndex.FILE);
            staged.add(NewFile.write(index, channel -> PendingTensor.writeFully(channel, json)));
        }
    }

    private static String name(int shard, int count) {
        return count == 1
                ? SafetensorsFolder.SINGLE_FILE
                : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, count);
    }

    private static List<List<PendingTensor>> shards(List<PendingTensor> tensors, long most) {
        List<List<PendingTensor>> shards = new ArrayList<>();
        List<PendingTensor> shard = new ArrayList<>();
        long size = 0;
        for (PendingTensor tensor : tensors) {
            if (!shard.isEmpty() && size + tensor.bytes() > most) {
                shards.add(shard);
                shard = new ArrayList<>();
                size = 0;
            }
            shard.add(tensor);
            size += tensor.bytes();
        }
        shards.add(shard);
        return shards;
    }

    private void removeOldWeights() throws IOException {
        // The index goes first: without it no half of a model is taken for a whole.
        Files.deleteIfExists(folder.resolve(ShardIndex.FILE));
        List<Path> old;
        try (Stream<Path> files = Files.list(folder)) {
            old =
                    files.filter(file -> WEIGHTS.matcher(file.getFileName().toString()).matches())
                            .toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }
}
