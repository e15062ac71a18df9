package org.learningdynamics.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.AttributedExample;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionOrder;

/**
 * The examples that raised and lowered each drawn response most over all recordings, or over all
 * checkpoints of a job, by what they did an occurrence; of recorded pairs also what went through
 * the chosen and the rejected response.
 */
final class InfluenceTop {
    static final int TOP = 8;

    private final RunFileReader file;
    private final DrawnResponses responses;
    private final List<Attribution> whole;

    InfluenceTop(RunFileReader file, DrawnResponses responses) {
        this.file = file;
        this.responses = responses;
        this.whole = attributions(InfluenceBlock.WHOLE);
    }

    private List<Attribution> attributions(String part) {
        return Attribution.isStored(file)
                ? Attribution.storedOfEach(file, responses.rows())
                : Attribution.ofEach(file, responses.rows(), InfluenceBlock.ALL_LAYERS, part);
    }

    /** The attribution of the first response: form and coverage are those of all. */
    Attribution any() {
        return whole.get(0);
    }

    void write(Json json, ExampleTexts named) {
        List<String> parts = file.interactions().parts();
        boolean paired = parts.contains(ResidualRow.CHOSEN) && parts.contains(ResidualRow.REJECTED);
        List<Attribution> chosen = paired ? attributions(ResidualRow.CHOSEN) : List.of();
        List<Attribution> rejected = paired ? attributions(ResidualRow.REJECTED) : List.of();
        json.array();
        for (int r = 0; r < whole.size(); r++) {
            Map<Long, Double> plus = paired ? totals(chosen.get(r)) : Map.of();
            Map<Long, Double> minus = paired ? totals(rejected.get(r)) : Map.of();
            Attribution attribution = whole.get(r);
            json.object().key("paired").value(paired).key("helpers");
            List<AttributedExample> helpers = attribution.helpers(TOP, AttributionOrder.OCCURRENCE);
            writeExamples(json, helpers, plus, minus, named);
            json.key("harmers");
            List<AttributedExample> harmers = attribution.harmers(TOP, AttributionOrder.OCCURRENCE);
            writeExamples(json, harmers, plus, minus, named);
            json.endObject();
        }
        json.endArray();
    }

    private static Map<Long, Double> totals(Attribution attribution) {
        Map<Long, Double> totals = new HashMap<>();
        attribution.examples().forEach(e -> totals.put(e.example(), e.total()));
        return totals;
    }

    private static void writeExamples(
            Json json,
            List<AttributedExample> examples,
            Map<Long, Double> plus,
            Map<Long, Double> minus,
            ExampleTexts named) {
        json.array();
        for (AttributedExample example : examples) {
            json.object().key("id").value(named.name(example.example()));
            json.key("total").value(example.total());
            json.key("occurrences").value(example.occurrences());
            json.key("each").value(example.perOccurrence());
            json.key("chosen").value(plus.getOrDefault(example.example(), Double.NaN));
            json.key("rejected").value(minus.getOrDefault(example.example(), Double.NaN));
            json.endObject();
        }
        json.endArray();
    }
}
