package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.JsonLinesWriter;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.HeadStates;
import org.learningdynamics.measure.Ches;
import org.learningdynamics.measure.HeadRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dynamics ches}: scores preferences, keeps those that displace least. */
@Command(
        name = "ches",
        description =
                "Scores preferences by how much tuning on them lowers chosen answers too (CHES), and"
                        + " writes those with the lowest scores.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ChesCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Preferences, JSON Lines: {\"prompt\", \"chosen\", \"rejected\"}.")
    private Path data = Path.of("");

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The folder \"model\" that train left.")
    private Path folder = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Gets the kept preferences, JSON Lines, in their order.")
    private Path out = Path.of("");

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description = "Gets every preference's line number and scores, tab-separated.")
    private @Nullable Path scores;

    @Option(
            names = "--score",
            defaultValue = "ln_ches",
            description = "What to sort by: ${COMPLETION-CANDIDATES} (default: ln_ches).")
    private Score score = Score.LN_CHES;

    @Option(
            names = "--keep",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of the preferences to keep, in (0, 1] (default: 0.05).")
    private double keep = 1;

    ChesCommand(Console console) {
        this.console = console;
    }

    /** The scores of a pair. */
    enum Score {
        CHES,
        LN_CHES,
        CHES_ALPHA;

        double of(Ches ches) {
            return switch (this) {
                case CHES -> ches.ches();
                case LN_CHES -> ches.lengthNormalised();
                case CHES_ALPHA -> ches.alpha();
            };
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A preference with its scores. */
    private record Scored(PreferenceExample pair, Ches ches) {}

    @Override
    public Integer call() throws IOException {
        if (!(keep > 0 && keep <= 1)) {
            throw new IllegalArgumentException("keep must be in (0, 1], got " + keep);
        }
        if (Files.exists(out)) {
            throw new DataException(out + ": exists already; give a new file");
        }
        ModelFolder opened = ModelFolder.load(folder);
        List<Scored> scored =
                score(
                        opened,
                        DataOptions.reader(BadLines.FAIL, ModelFolder.chatTemplate(folder))
                                .preferences(TextSource.file(data))
                                .examples());
        if (scores != null) {
            Files.write(scores, table(scored));
        }
        List<Scored> kept =
                scored.stream()
                        .sorted(Comparator.comparingDouble(s -> score.of(s.ches())))
                        .limit(Math.max(1, Math.round(keep * scored.size())))
                        .sorted(Comparator.comparingLong(s -> s.pair().id()))
                        .toList();
        JsonLinesWriter.write(out, kept.stream().map(ChesCommand::line).toList());
        console.out()
                .printf(
                        Locale.ROOT,
                        "%s: %d pairs from %.4g to %.4g, median %.4g; kept %d: %s%n",
                        score.key(),
                        scored.size(),
                        quantile(scored, 0),
                        quantile(scored, 1),
                        quantile(scored, 0.5),
                        kept.size(),
                        out.toAbsolutePath());
        return ExitCode.OK;
    }

    private static List<String> table(List<Scored> scored) {
        List<String> lines = new ArrayList<>(List.of("line\tches\tln_ches\tches_alpha"));
        for (Scored one : scored) {
            lines.add(
                    one.pair().id()
                            + "\t"
                            + one.ches().ches()
                            + "\t"
                            + one.ches().lengthNormalised()
                            + "\t"
                            + one.ches().alpha());
        }
        return lines;
    }

    private List<Scored> score(ModelFolder opened, List<PreferenceExample> pairs) {
        DecoderModel model = opened.model();
        int longest = model.config().maxLength();
        SequenceEncoder encoder =
                new SequenceEncoder(
                        opened.tokenizer(), new Truncation(longest, longest / 2, KeepPrompt.END));
        List<Scored> scored = new ArrayList<>();
        for (PreferenceExample pair : pairs) {
            List<EncodedResponse> rows =
                    encoder.encodeSharing(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
            scored.add(new Scored(pair, ches(model, rows.get(0), rows.get(1))));
            console.progress("ches", scored.size(), pairs.size(), "");
        }
        return scored;
    }

    private static Ches ches(DecoderModel model, EncodedResponse chosen, EncodedResponse rejected) {
        try (HeadStates plus = HeadStates.of(model, chosen);
                HeadStates minus = HeadStates.of(model, rejected);
                HeadRows plusRows = HeadRows.of(plus.hidden().dup(), plus.logits(), plus.tokens());
                HeadRows minusRows =
                        HeadRows.of(minus.hidden().dup(), minus.logits(), minus.tokens())) {
            return Ches.of(plusRows, minusRows);
        }
    }

    private double quantile(List<Scored> scored, double q) {
        double[] sorted = scored.stream().mapToDouble(s -> score.of(s.ches())).sorted().toArray();
        return sorted[(int) Math.round(q * (sorted.length - 1))];
    }

    private static Map<String, String> line(Scored scored) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("prompt", scored.pair().prompt());
        line.put("chosen", scored.pair().chosen());
        line.put("rejected", scored.pair().rejected());
        return line;
    }
}
