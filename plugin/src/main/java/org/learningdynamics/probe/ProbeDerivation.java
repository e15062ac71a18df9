package org.learningdynamics.probe;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.Shuffle;

/**
 * Adds to plain preferences the response kinds that can be derived from them: {@code irr_train}
 * (the chosen response of another probed example), {@code irr_test} (of a held-out example), {@code
 * random_permute} (the words of the chosen response, shuffled), {@code random_nonhum} (the words of
 * {@code irr_test}, shuffled) and {@code irr_hum} (an unrelated sentence of similar length).
 *
 * <p>Words are what white space separates; a shuffle differs from its original whenever the words
 * allow it. A response drawn from another example differs from the probe's own chosen one. Seed and
 * data decide everything, on every Java platform.
 */
public final class ProbeDerivation {
    private final List<PreferenceExample> heldOut;
    private final long seed;
    private final SentencePool sentences;

    private ProbeDerivation(List<PreferenceExample> heldOut, long seed, SentencePool sentences) {
        this.heldOut = heldOut;
        this.seed = seed;
        this.sentences = sentences;
    }

    /**
     * A derivation with the project's own sentences, in English, for {@code irr_hum}.
     *
     * @param heldOut examples that are not trained on, at least one
     * @param seed decides what is drawn
     * @return the derivation
     */
    public static ProbeDerivation of(List<PreferenceExample> heldOut, long seed) {
        if (heldOut.isEmpty()) {
            throw new IllegalArgumentException("heldOut must not be empty");
        }
        return new ProbeDerivation(List.copyOf(heldOut), seed, SentencePool.bundled());
    }

    /**
     * The same derivation with other sentences for {@code irr_hum}.
     *
     * @param unrelated at least one sentence, of varied lengths
     * @return a new derivation
     */
    public ProbeDerivation sentences(List<String> unrelated) {
        return new ProbeDerivation(heldOut, seed, new SentencePool(unrelated));
    }

    /**
     * One probe for each example: its chosen and rejected response and the derived kinds. A probe's
     * id is its example's.
     *
     * @param name name of the set
     * @param probed training examples to watch, at least two
     * @return the probes, in order
     * @throws DataException if no other example has another chosen response
     */
    public ProbeSet derive(String name, List<PreferenceExample> probed) {
        return new ProbeSet(name, probed.stream().map(e -> derive(e, probed)).toList());
    }

    private Probe derive(PreferenceExample example, List<PreferenceExample> probed) {
        Random random = Shuffle.random(seed, example.id());
        String chosen = example.chosen();
        String irrelevantTest = drawOther(example, heldOut, "held-out", random);
        Map<String, String> responses = new LinkedHashMap<>();
        responses.put(ResponseKind.CHOSEN, chosen);
        responses.put(ResponseKind.REJECTED, example.rejected());
        responses.put(ResponseKind.IRRELEVANT_TRAIN, drawOther(example, probed, "probed", random));
        responses.put(ResponseKind.IRRELEVANT_TEST, irrelevantTest);
        responses.put(
                ResponseKind.IRRELEVANT_HUMAN, sentences.draw(SentencePool.words(chosen), random));
        responses.put(ResponseKind.RANDOM_PERMUTE, shuffleWords(chosen, random));
        responses.put(ResponseKind.RANDOM_NON_HUMAN, shuffleWords(irrelevantTest, random));
        return Probe.of(Math.toIntExact(example.id()), example.prompt(), responses);
    }

    private static String drawOther(
            PreferenceExample own, List<PreferenceExample> pool, String poolName, Random random) {
        Predicate<PreferenceExample> other =
                e -> !e.chosen().equals(own.chosen()) && !e.prompt().equals(own.prompt());
        int start = random.nextInt(pool.size());
        for (int i = 0; i < pool.size(); i++) {
            PreferenceExample candidate = pool.get((start + i) % pool.size());
            if (other.test(candidate)) {
                return candidate.chosen();
            }
        }
        throw new DataException(
                "example "
                        + own.id()
                        + ": none of the "
                        + pool.size()
                        + " "
                        + poolName
                        + " examples has another prompt and another chosen response");
    }

    private static String shuffleWords(String text, Random random) {
        List<String> words = Arrays.asList(text.strip().split("\\s+"));
        if (words.stream().distinct().count() < 2) {
            return String.join(" ", words);
        }
        List<String> shuffled = Shuffle.copy(words, random);
        while (shuffled.equals(words)) {
            shuffled = Shuffle.copy(words, random);
        }
        return String.join(" ", shuffled);
    }
}
