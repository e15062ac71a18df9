package org.learningdynamics.sweep;

import java.util.Set;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/**
 * Trains candidates of one kind. Called by several threads at once, for different candidates.
 *
 * @param <T> what the space draws
 */
public interface CandidateTrainer<T> {
    /** The kind of response that scores are about, for language models. */
    String CHOSEN = "chosen";

    /**
     * Refuses a space whose parameters it cannot use, before anything is trained.
     *
     * @param space what will be drawn from
     * @throws SweepConfigException naming parameter and rule
     */
    void check(ParameterSpace<T> space);

    /**
     * Trains one candidate, recording every stage in a run file of {@code work}, each of whose
     * watches is told of the recording and asked after every update.
     *
     * @param value what was drawn
     * @param work run files and watches
     * @return what cannot be read from the recording
     * @throws Exception if it cannot be trained; the sweep records it and goes on
     */
    Outcome train(T value, CandidateWork work) throws Exception;

    /**
     * The native memory that training takes at once.
     *
     * @param value what was drawn
     * @return an estimate (bytes)
     */
    long memoryBytes(T value);

    /**
     * What the candidates can be scored by.
     *
     * @return the scores
     */
    Set<Score> scores();

    /**
     * The kind of response that scores are about.
     *
     * @return {@value #CHOSEN} unless it says otherwise
     */
    default String kind() {
        return CHOSEN;
    }

    /**
     * Digest of everything but the space that decides results: data, model, recording.
     *
     * @return hexadecimal digits
     */
    String identity();
}
