package org.learningdynamics.samples.facts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLinesWriter;
import org.learningdynamics.data.TextSource;

/**
 * The bundled demo data. {@link #main} writes it anew, the same bytes every time.
 *
 * <p>{@code train.jsonl} and {@code heldout.jsonl} are in the probe format with the kinds chosen,
 * rejected and their paraphrases; {@code probes.jsonl} has the derived kinds too, for the first
 * lines of {@code train.jsonl}; {@code pretrain.txt} is plain text, a piece a line.
 */
public final class FactData {
    private static final String PRETRAINING = "pretrain.txt";
    private static final String TRAIN = "train.jsonl";
    private static final String HELD_OUT = "heldout.jsonl";
    private static final String PROBES = "probes.jsonl";

    private FactData() {}

    /**
     * Preferences to train on, in the probe format.
     *
     * @return the source
     */
    public static TextSource train() {
        return TextSource.resource(FactData.class, TRAIN);
    }

    /**
     * Preferences about facts that no training preference asks for, in the probe format.
     *
     * @return the source
     */
    public static TextSource heldOut() {
        return TextSource.resource(FactData.class, HELD_OUT);
    }

    /**
     * The watched prompts with eleven kinds each; the model itself adds {@code chosen_initial}.
     *
     * @return the source
     */
    public static TextSource probes() {
        return TextSource.resource(FactData.class, PROBES);
    }

    /**
     * The pre-training text.
     *
     * @return its lines
     */
    public static List<String> pretraining() {
        try (InputStream in = TextSource.resource(FactData.class, PRETRAINING).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new DataException(PRETRAINING + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the four files into a folder.
     *
     * @param args the folder
     */
    public static void main(String[] args) {
        if (args.length != 1) {
            throw new IllegalArgumentException("one folder is needed, got " + args.length);
        }
        write(Path.of(args[0]));
    }

    static void write(Path folder) {
        FactWorld world = FactWorld.create(FactWorld.DEFAULT_SEED);
        FactGenerator generator = new FactGenerator(world, FactWorld.DEFAULT_SEED);
        try {
            Files.createDirectories(folder);
            String text = String.join("\n", generator.pretraining()) + "\n";
            Files.writeString(folder.resolve(PRETRAINING), text);
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be written: " + e.getMessage(), e);
        }
        JsonLinesWriter.write(folder.resolve(TRAIN), generator.train());
        JsonLinesWriter.write(folder.resolve(HELD_OUT), generator.heldOut());
        generator.probes().write(folder.resolve(PROBES));
    }
}
