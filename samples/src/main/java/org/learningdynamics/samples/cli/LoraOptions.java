package org.learningdynamics.samples.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.LoraConfig;
import org.learningdynamics.lm.LoraTarget;
import picocli.CommandLine.Option;

/** Low-rank adapters instead of all weights. */
final class LoraOptions {
    @Option(
            names = "--lora-rank",
            paramLabel = "R",
            description = "Train low-rank adapters alone, of rank R (default: all weights).")
    private @Nullable Integer rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "A",
            description = "Scale of the adapters is A/R (default: 2 R).")
    private @Nullable Double alpha;

    @Option(
            names = "--lora-targets",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Adapted matrices: query_key_value or query, key, value; attention_output,"
                            + " gate, up, down (default: queries and values).")
    private List<String> targets = List.of();

    /** The model itself, or with fresh adapters. */
    DecoderModel on(DecoderModel model, long seed) {
        if (rank == null) {
            if (alpha != null || !targets.isEmpty()) {
                throw new IllegalArgumentException(
                        "lora-rank must be given with lora-alpha and lora-targets, is not");
            }
            return model;
        }
        DecoderConfig config = model.config();
        Set<LoraTarget> chosen =
                targets.isEmpty()
                        ? LoraConfig.defaults(config).targets()
                        : targets.stream()
                                .map(LoraOptions::target)
                                .collect(
                                        Collectors.toCollection(
                                                () -> EnumSet.noneOf(LoraTarget.class)));
        double scale = alpha == null ? 2.0 * rank : alpha;
        return model.adapt(new LoraConfig(rank, scale, chosen, seed));
    }

    private static LoraTarget target(String label) {
        return Arrays.stream(LoraTarget.values())
                .filter(target -> target.label().equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "lora-targets must be among "
                                                + Arrays.stream(LoraTarget.values())
                                                        .map(LoraTarget::label)
                                                        .toList()
                                                + ", got "
                                                + label));
    }
}
