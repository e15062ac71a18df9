package org.learningdynamics.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.loss.RewardShift;

/**
 * Where a run stands, besides its arrays.
 *
 * @param format version of the folder's layout
 * @param updates updates done
 * @param losses loss of each, as Java prints it, NaN and infinities included // [updates]
 * @param rewardBatches batches in the running mean reward
 * @param reward the running mean reward
 * @param lossWasNotFinite whether the event for that was recorded
 * @param gradientWasNotFinite whether the event for that was recorded
 * @param identity what makes the run this one: data, options, model, reference
 */
record RunState(
        int format,
        int updates,
        List<String> losses,
        long rewardBatches,
        double reward,
        boolean lossWasNotFinite,
        boolean gradientWasNotFinite,
        Map<String, String> identity) {
    static final int FORMAT = 1;

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    RunState {
        losses = List.copyOf(losses);
        identity = Map.copyOf(identity);
    }

    /** Writes it and waits for the disk. */
    void write(Path file) throws IOException {
        byte[] json = (GSON.toJson(toJson()) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** As Gson reads and writes it; members may be missing in a damaged file. */
    private record Json(
            int format,
            int updates,
            @Nullable List<String> losses,
            long rewardBatches,
            double reward,
            boolean lossWasNotFinite,
            boolean gradientWasNotFinite,
            @Nullable Map<String, String> identity) {}

    private Json toJson() {
        return new Json(
                format,
                updates,
                losses,
                rewardBatches,
                reward,
                lossWasNotFinite,
                gradientWasNotFinite,
                new TreeMap<>(identity));
    }

    static RunState read(Path file) {
        try {
            @Nullable Json json = GSON.fromJson(Files.readString(file), Json.class);
            if (json == null || json.losses() == null || json.identity() == null) {
                throw new DataException(file + ": state is damaged: losses or identity missing");
            }
            if (json.format() != FORMAT) {
                throw new DataException(
                        file + ": format must be " + FORMAT + ", got " + json.format());
            }
            if (json.updates() != json.losses().size()) {
                throw new DataException(
                        file
                                + ": state is damaged: "
                                + json.losses().size()
                                + " losses of "
                                + json.updates()
                                + " updates");
            }
            return new RunState(
                    json.format(),
                    json.updates(),
                    json.losses(),
                    json.rewardBatches(),
                    json.reward(),
                    json.lossWasNotFinite(),
                    json.gradientWasNotFinite(),
                    json.identity());
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (JsonParseException e) {
            throw new DataException(file + ": state is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses to go on with another run.
     *
     * @throws IllegalArgumentException naming the first thing that differs
     */
    void requireSame(Path folder, Map<String, String> now) {
        Map<String, String> all = new TreeMap<>(now);
        all.putAll(identity);
        for (String key : all.keySet()) {
            String then = identity.getOrDefault(key, "(none)");
            String value = now.getOrDefault(key, "(none)");
            if (!then.equals(value)) {
                throw new IllegalArgumentException(
                        key + " must be " + then + " to resume " + folder + ", got " + value);
            }
        }
    }

    RewardShift shift() {
        return new RewardShift(rewardBatches, reward);
    }

    double[] lossValues() {
        return losses.stream().mapToDouble(Double::parseDouble).toArray();
    }
}
