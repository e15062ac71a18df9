package org.learningdynamics.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Option values from a JSON object, {@code {"steps": 300, "learning-rate": 1e-3}}: the keys are the
 * long option names without dashes; what the command line says wins.
 */
final class ConfigFile implements IDefaultValueProvider {
    static final String OPTION = "--config";

    private final JsonObject values;

    private ConfigFile(JsonObject values) {
        this.values = values;
    }

    /** Gives every sub-command that has {@code --config} the values of the file named there. */
    static void apply(CommandLine line, String[] args) {
        for (Map.Entry<String, CommandLine> entry : line.getSubcommands().entrySet()) {
            if (args.length > 0 && entry.getKey().equals(args[0])) {
                CommandLine sub = entry.getValue();
                @Nullable String path = pathIn(args);
                if (path != null && sub.getCommandSpec().findOption(OPTION) != null) {
                    sub.setDefaultValueProvider(read(sub, Path.of(path)));
                }
            }
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        JsonElement value = values.get(key(option));
        return value == null ? null : text(value);
    }

    private static @Nullable String pathIn(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(OPTION) && i + 1 < args.length) {
                return args[i + 1];
            }
            if (args[i].startsWith(OPTION + "=")) {
                return args[i].substring(OPTION.length() + 1);
            }
        }
        return null;
    }

    private static ConfigFile read(CommandLine line, Path file) {
        try (JsonReader reader = new JsonReader(Files.newBufferedReader(file))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement root = JsonParser.parseReader(reader);
            if (!root.isJsonObject()) {
                throw new ParameterException(line, file + ": a JSON object is needed");
            }
            checkKeys(line, file, root.getAsJsonObject());
            return new ConfigFile(root.getAsJsonObject());
        } catch (IOException e) {
            throw new ParameterException(line, "cannot read configuration " + file, e);
        } catch (JsonParseException e) {
            throw new ParameterException(line, file + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static void checkKeys(CommandLine line, Path file, JsonObject values) {
        List<String> known = known(line.getCommandSpec());
        for (Map.Entry<String, JsonElement> entry : values.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw new ParameterException(
                        line,
                        file + ": unknown key \"" + entry.getKey() + "\"; known keys: " + known);
            }
            if (!(entry.getValue().isJsonPrimitive() || entry.getValue().isJsonArray())) {
                throw new ParameterException(
                        line, file + ": \"" + entry.getKey() + "\" must be a value or an array");
            }
        }
    }

    private static List<String> known(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                names.add(key(option));
            }
        }
        names.remove("config");
        names.sort(null);
        return names;
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }

    private static String text(JsonElement value) {
        if (value instanceof JsonArray array) {
            return String.join(
                    ",",
                    StreamSupport.stream(array.spliterator(), false)
                            .map(JsonElement::getAsString)
                            .toList());
        }
        return value.getAsString();
    }
}
