package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunSequence;

/**
 * Single response tokens of one run: their log-probabilities and the likeliest tokens at some
 * recordings, the first and the last among them, and the distributions at single positions where
 * they were recorded. Log-probabilities are rounded to {@value #STEP} nats. Recordings, and then
 * probes, are thinned evenly where there are too many tokens; distributions are drawn as long as
 * they fit, first those of the first and last recording.
 */
final class TokenSection {
    static final double STEP = 0.005;
    static final int MAX_RECORDINGS = 12;
    static final int MAX_CHARACTERS = 6_000_000;
    static final int MAX_DISTRIBUTION_CHARACTERS = 3_000_000;

    /** Characters of a token of a distribution. */
    private static final int ENTRY = 5;

    /** Stands for a log-probability that is not a number; the one before it for all below. */
    private static final int NAN = Packed.BASE * Packed.BASE - 1;

    private final RunFileReader file;
    private final Map<Integer, Integer> shown;
    private final TextUse texts;
    private final List<StepRow> steps;
    private final Map<Integer, Integer> positions = new HashMap<>();

    private TokenSection(
            RecordedRun run, RunFileReader file, Map<String, Integer> probes, TextUse texts) {
        this.file = file;
        this.texts = texts;
        this.steps = run.steps();
        this.shown = new TreeMap<>();
        ProbeKeys.byId(new RunSequence(run.name(), List.of(run)))
                .forEach(
                        (id, key) -> {
                            if (probes.containsKey(key)) {
                                shown.put(id, probes.getOrDefault(key, 0));
                            }
                        });
        for (ResponseRow row : run.responses()) {
            positions.merge(row.probe(), row.tokens(), Integer::sum);
        }
    }

    /**
     * Writes one object a run file with tokens.
     *
     * @param probes numbers in the page's list of the probes that are shown, by key
     */
    static void write(
            Json json,
            List<RecordedRun> runs,
            Map<String, RunFileReader> files,
            Map<String, Integer> probes,
            ReportOptions options) {
        Map<RecordedRun, RunFileReader> held = new LinkedHashMap<>();
        for (RecordedRun run : runs) {
            RunFileReader file = files.get(run.name());
            if (file != null && file.counts().tokens() > 0) {
                held.put(run, file);
            }
        }
        json.object().key("alphabet").value(Packed.alphabet()).key("step").value(STEP);
        json.key("runs").array();
        held.forEach(
                (run, file) -> {
                    TokenSection section = new TokenSection(run, file, probes, options.texts());
                    json.object().key("run").value(run.name());
                    section.write(
                            json,
                            MAX_CHARACTERS / held.size(),
                            MAX_DISTRIBUTION_CHARACTERS / held.size());
                    json.endObject();
                });
        json.endArray().endObject();
    }

    private void write(Json json, int characters, int budget) {
        long perRecording = 5L * shownPositions(new ArrayList<>(shown.keySet()));
        int drawn =
                (int)
                        Math.max(
                                2,
                                Math.min(
                                        MAX_RECORDINGS,
                                        characters / Math.max(1, perRecording) - 1));
        List<Integer> kept = kept(characters);
        json.key("of").value(shown.size()).key("held").value(kept.size());
        TokenTable table = new TokenTable(file, kept);
        List<Long> read = new ArrayList<>();
        json.key("x").array();
        for (int t : Sampling.even(steps.size(), drawn, List.of())) {
            json.value(steps.get(t).iteration());
            table.read(steps.get(t).step());
            read.add(steps.get(t).step());
        }
        json.endArray();
        boolean all = table.readDistributions(read, budget);
        json.key("cut").value(!all);
        table.write(json, shown, texts);
    }

    /** All probes, or so many that two recordings of them fit. */
    private List<Integer> kept(int characters) {
        List<Integer> all = new ArrayList<>(shown.keySet());
        long needed = 13L * shownPositions(all);
        if (needed <= characters) {
            return all;
        }
        List<Integer> kept = new ArrayList<>();
        int most = (int) Math.max(2, all.size() * (long) characters / needed);
        for (int i : Sampling.even(all.size(), most, List.of())) {
            kept.add(all.get(i));
        }
        return kept;
    }

    private long shownPositions(List<Integer> probes) {
        return probes.stream().mapToLong(probe -> positions.getOrDefault(probe, 0)).sum();
    }

    static int code(double logProb) {
        if (Double.isNaN(logProb)) {
            return NAN;
        }
        return (int) Math.max(0, Math.min(NAN - 1, Math.round(-logProb / STEP)));
    }

    /** Tokens of some recordings, in memory until it is known how many different ones there are. */
    private static final class TokenTable {
        private final RunFileReader file;
        private final TreeSet<Integer> probes;
        private final Map<Integer, Map<String, Response>> responses = new TreeMap<>();
        private final Map<Integer, Integer> words = new LinkedHashMap<>();
        private int recordings;

        TokenTable(RunFileReader file, List<Integer> probes) {
            this.file = file;
            this.probes = new TreeSet<>(probes);
            file.wording()
                    .forEachResponse(
                            row -> {
                                if (this.probes.contains(row.probe())) {
                                    of(row.probe(), row.kind()).tokens =
                                            row.tokens().stream().mapToInt(this::word).toArray();
                                }
                            });
        }

        private Response of(int probe, String kind) {
            return responses
                    .computeIfAbsent(probe, id -> new LinkedHashMap<>())
                    .computeIfAbsent(kind, name -> new Response());
        }

        private int word(int token) {
            return words.computeIfAbsent(token, id -> words.size());
        }

        void read(long step) {
            file.forEachToken(RowFilter.ALL.steps(step, step), this::add);
            recordings++;
        }

        private void add(TokenRow row) {
            if (!probes.contains(row.probe())) {
                return;
            }
            Response response = of(row.probe(), row.kind());
            response.put(recordings, row.position(), code(row.logProb()), word(row.argmax()));
        }

        /**
         * Reads the distributions of some recordings, the first and the last before the others;
         * each recording as a whole.
         *
         * @return whether all fit
         */
        boolean readDistributions(List<Long> steps, int characters) {
            List<Integer> order = new ArrayList<>();
            IntStream.range(0, steps.size()).forEach(order::add);
            order.sort(Comparator.comparingInt(t -> t == 0 || t == steps.size() - 1 ? 0 : 1));
            long left = characters;
            boolean all = true;
            for (int t : order) {
                Optional<List<DistributionRow>> rows = distribution(steps.get(t), left / ENTRY);
                all &= rows.isPresent();
                left -= (long) ENTRY * rows.orElse(List.of()).size();
                rows.orElse(List.of()).forEach(row -> add(t, row));
            }
            return all;
        }

        /** One recording's, empty if they are more than the most. */
        private Optional<List<DistributionRow>> distribution(long step, long most) {
            List<DistributionRow> rows = new ArrayList<>();
            boolean[] over = new boolean[1];
            file.forEachDistribution(
                    RowFilter.ALL.steps(step, step),
                    row -> {
                        over[0] |= rows.size() >= most;
                        if (!over[0] && probes.contains(row.probe())) {
                            rows.add(row);
                        }
                    });
            return over[0] ? Optional.empty() : Optional.of(rows);
        }

        private void add(int recording, DistributionRow row) {
            of(row.probe(), row.kind())
                    .top
                    .computeIfAbsent(recording, t -> new TreeMap<>())
                    .computeIfAbsent(row.position(), position -> new ArrayList<>())
                    .add(new int[] {code(row.logProb()), word(row.token())});
        }

        void write(Json json, Map<Integer, Integer> numbers, TextUse use) {
            int width = words.size() < Packed.BASE * Packed.BASE ? 2 : 3;
            json.key("width").value(width).key("ids").array();
            words.keySet().forEach(json::value);
            json.endArray().key("words").values(use == TextUse.SHOWN ? texts() : List.of());
            json.key("probes").object();
            responses.forEach(
                    (probe, kinds) -> {
                        json.key(Integer.toString(numbers.getOrDefault(probe, 0))).object();
                        kinds.forEach((kind, response) -> response.write(json.key(kind), width));
                        json.endObject();
                    });
            json.endObject();
        }

        /** The texts by word, empty where the file tells none; no words if it tells none at all. */
        private List<String> texts() {
            String[] texts = new String[words.size()];
            Arrays.fill(texts, "");
            boolean[] any = new boolean[1];
            file.wording()
                    .forEachTokenText(
                            row -> {
                                Integer word = words.get(row.token());
                                if (word != null) {
                                    texts[word] = row.text();
                                    any[0] = true;
                                }
                            });
            return any[0] ? List.of(texts) : List.of();
        }
    }

    /** One response; tokens as words, by recording and position. */
    private static final class Response {
        private int[] tokens = new int[0];
        private final List<int[]> logProbs = new ArrayList<>();
        private final List<int[]> argmax = new ArrayList<>();
        private final Map<Integer, Map<Integer, List<int[]>>> top = new TreeMap<>();

        void put(int recording, int position, int logProb, int likeliest) {
            put(logProbs, recording, position, logProb);
            put(argmax, recording, position, likeliest);
        }

        private void put(List<int[]> rows, int recording, int position, int value) {
            while (rows.size() <= recording) {
                rows.add(new int[0]);
            }
            int[] row = rows.get(recording);
            if (position >= row.length) {
                row = Arrays.copyOf(row, Math.max(tokens.length, position + 1));
                rows.set(recording, row);
            }
            row[position] = value;
        }

        void write(Json json, int width) {
            json.object().key("t").value(Packed.of(tokens, width)).key("lp").array();
            logProbs.forEach(values -> json.value(Packed.of(values, 2)));
            json.endArray().key("am").array();
            argmax.forEach(values -> json.value(Packed.of(values, width)));
            json.endArray();
            if (!top.isEmpty()) {
                writeTop(json.key("top"), width);
            }
            json.endObject();
        }

        /** By recording and position the words by falling probability, then their codes. */
        private void writeTop(Json json, int width) {
            json.object();
            top.forEach(
                    (recording, positions) -> {
                        json.key(Integer.toString(recording)).array();
                        for (List<int[]> entries : positions.values()) {
                            entries.sort(Comparator.comparingInt(entry -> entry[0]));
                            int[] words = entries.stream().mapToInt(entry -> entry[1]).toArray();
                            int[] codes = entries.stream().mapToInt(entry -> entry[0]).toArray();
                            json.value(Packed.of(words, width) + Packed.of(codes, 2));
                        }
                        json.endArray();
                    });
            json.endObject();
        }
    }
}
