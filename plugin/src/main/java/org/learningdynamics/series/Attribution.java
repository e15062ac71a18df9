package org.learningdynamics.series;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileReader;

/**
 * What each training example did to the observed responses over a run, added up over its recorded
 * updates: {@code total(i) = Σ_recordings Σ_{positions of i} mean_o influence(i, o)}.
 *
 * <p>Only recorded updates count, and {@link #coverage} says how many they are: an example that was
 * in more of the recorded batches than another has the larger total without pulling harder, so rank
 * by {@link AttributionOrder#OCCURRENCE} unless every update is recorded.
 *
 * @param query what was chosen
 * @param responses the observed responses, by probe
 * @param examples the examples that were in a recorded batch, by id
 * @param form what an influence is, empty if none was recorded
 * @param coverage how much of training this is about
 */
public record Attribution(
        AttributionQuery query,
        List<ResponseRow> responses,
        List<AttributedExample> examples,
        Optional<InfluenceForm> form,
        Coverage coverage) {
    /**
     * Copies the lists.
     *
     * @param query what was chosen
     * @param responses the observed responses
     * @param examples the examples
     * @param form what an influence is
     * @param coverage how much of training this is about
     */
    public Attribution {
        responses = List.copyOf(responses);
        examples = List.copyOf(examples);
    }

    /**
     * Adds up the influences of a run, a few recordings at a time. Memory grows with examples, not
     * with recordings; time is one pass over the matrices of the layer and part.
     *
     * @param run the run file
     * @param query on which responses, by which layer and part
     * @return the attribution; without examples if no such influence was recorded
     * @throws IllegalArgumentException if no response of the run is chosen
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read, mixes
     *     forms of influence or holds matrices that do not fit its responses and residuals
     */
    public static Attribution of(RunFileReader run, AttributionQuery query) {
        return InfluenceSums.of(run, query.layer(), query.part(), query::observes).mean(query);
    }

    /**
     * Adds up the influences of a run on several responses in one pass. Memory grows with examples
     * times responses.
     *
     * @param run the run file
     * @param responses the observed responses; only probe and kind count
     * @param layer the layer group
     * @param part the part of the examples
     * @return one attribution a response of the run that is chosen, by probe and kind
     * @throws IllegalArgumentException if no response of the run is chosen
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read, mixes
     *     forms of influence or holds matrices that do not fit its responses and residuals
     */
    public static List<Attribution> ofEach(
            RunFileReader run, Collection<ResponseRow> responses, String layer, String part) {
        Set<String> chosen = new HashSet<>();
        responses.forEach(response -> chosen.add(response.probe() + " " + response.kind()));
        return InfluenceSums.of(
                        run,
                        layer,
                        part,
                        response -> chosen.contains(response.probe() + " " + response.kind()))
                .each();
    }

    /**
     * Tells whether a run file holds the sums of a job over checkpoints, for {@link #stored}.
     *
     * @param run the run file
     * @return true if it was made by such a job, finished or not
     */
    public static boolean isStored(RunFileReader run) {
        return StoredSums.isHeldBy(run);
    }

    /**
     * Reads the sums that a job over checkpoints left: {@code total(i) = mean_o Σ_k rate_k·⟨∇_o,
     * −∇ℓ_i⟩}. Every example that was scored is in it; its occurrences are the checkpoints, and so
     * are the coverage's recordings and updates. Memory grows with examples.
     *
     * @param run the run file
     * @param query on which responses; layer and part must be left out
     * @return the attribution; without examples if nothing is scored yet
     * @throws IllegalArgumentException if no response of the run is chosen, or a layer or part is
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static Attribution stored(RunFileReader run, AttributionQuery query) {
        return StoredSums.mean(run, query);
    }

    /**
     * Reads the sums that a job over checkpoints left for several responses in one pass. Memory
     * grows with examples times responses.
     *
     * @param run the run file
     * @param responses the observed responses; only probe and kind count
     * @return one attribution a response of the run that is chosen, by probe and kind
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static List<Attribution> storedOfEach(
            RunFileReader run, Collection<ResponseRow> responses) {
        return StoredSums.each(run, responses);
    }

    /**
     * The examples that raised the observed log-probabilities most.
     *
     * @param count how many at most, ≥ 0
     * @param order what to rank by
     * @return examples with a value above 0, the largest first; equal ones by id
     */
    public List<AttributedExample> helpers(int count, AttributionOrder order) {
        return examples.stream()
                .filter(example -> order.of(example) > 0)
                .sorted(Comparator.<AttributedExample>comparingDouble(e -> -order.of(e)))
                .limit(count)
                .toList();
    }

    /**
     * The examples that lowered the observed log-probabilities most.
     *
     * @param count how many at most, ≥ 0
     * @param order what to rank by
     * @return examples with a value below 0, the smallest first; equal ones by id
     */
    public List<AttributedExample> harmers(int count, AttributionOrder order) {
        return examples.stream()
                .filter(example -> order.of(example) < 0)
                .sorted(Comparator.comparingDouble(order::of))
                .limit(count)
                .toList();
    }
}
