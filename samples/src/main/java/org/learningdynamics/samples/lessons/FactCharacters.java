package org.learningdynamics.samples.lessons;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceRow;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Supervision;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.loss.dl4j.ResponseBatch;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.samples.facts.FactData;
import org.nd4j.linalg.dataset.DataSet;

/** The bundled facts, character by character, as batches for a Deeplearning4j network. */
final class FactCharacters {
    private static final int PAIRS_PER_BATCH = 8;

    private final ByteTokenizer characters = new ByteTokenizer();
    private final SequenceEncoder encoder =
            new SequenceEncoder(characters, new Truncation(160, 80, KeepPrompt.END));
    private final JsonLines reader = JsonLines.reader(BadLines.FAIL);
    private final List<PreferenceRow> pairs;

    FactCharacters(int size) {
        var facts = reader.responses(FactData.train()).examples().subList(0, size);
        pairs =
                Supervision.preferences(facts, "chosen", "rejected").stream()
                        .map(encoder::encode)
                        .toList();
    }

    int vocabulary() {
        return characters.vocabularySize();
    }

    /** The first prompts of the training data with eleven answers each. */
    TokenProbes probes(int prompts) {
        ProbeSet watched =
                ProbeSet.of("facts", reader.responses(FactData.probes())).subset(prompts);
        var rows = EncodedProbes.encode(watched, encoder);
        return TokenProbes.builder(rows, characters.paddingId()).texts(watched.probes()).build();
    }

    /** The chosen answers alone. */
    List<DataSet> chosen() {
        return batches(
                some -> {
                    var answers = some.stream().map(PreferenceRow::chosen).toList();
                    TokenBatch rows = TokenBatch.of(answers, characters.paddingId());
                    return ResponseBatch.of(rows.inputIds(), rows.labels()).ofIds();
                });
    }

    /** Chosen answers, then the rejected ones in the same order. */
    List<DataSet> preferences() {
        return batches(
                some -> {
                    TokenBatch rows =
                            TokenBatch.of(PreferenceRow.stacked(some), characters.paddingId());
                    return ResponseBatch.ofPairs(rows.inputIds(), rows.labels()).ofIds();
                });
    }

    private List<DataSet> batches(Function<List<PreferenceRow>, DataSet> toBatch) {
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += PAIRS_PER_BATCH) {
            int to = Math.min(pairs.size(), from + PAIRS_PER_BATCH);
            batches.add(toBatch.apply(pairs.subList(from, to)));
        }
        return batches;
    }
}
