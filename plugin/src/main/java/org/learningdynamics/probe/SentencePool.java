package org.learningdynamics.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.learningdynamics.data.TextSource;

/** Unrelated sentences, drawn so that their length matches a response's. */
final class SentencePool {
    private static final String RESOURCE = "sentences.txt";

    private final List<String> sentences;

    SentencePool(List<String> sentences) {
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException("sentences must not be empty");
        }
        if (sentences.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("sentences must not be blank");
        }
        this.sentences = List.copyOf(sentences);
    }

    /** The project's own sentences. */
    static SentencePool bundled() {
        try (InputStream in = TextSource.resource(SentencePool.class, RESOURCE).open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new SentencePool(text.lines().filter(line -> !line.isBlank()).toList());
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
    }

    /**
     * Sentences with about as many words: while more than the longest sentence is missing, any
     * sentence; then one of those closest to what is missing.
     */
    String draw(int words, Random random) {
        StringBuilder text = new StringBuilder();
        int missing = words;
        while (missing > longest()) {
            String sentence = sentences.get(random.nextInt(sentences.size()));
            text.append(sentence).append(' ');
            missing -= words(sentence);
        }
        return text.append(closest(missing, random)).toString();
    }

    private String closest(int words, Random random) {
        int best = sentences.stream().mapToInt(s -> Math.abs(words(s) - words)).min().orElse(0);
        List<String> candidates =
                sentences.stream().filter(s -> Math.abs(words(s) - words) == best).toList();
        return candidates.get(random.nextInt(candidates.size()));
    }

    private int longest() {
        return sentences.stream().mapToInt(SentencePool::words).max().orElse(0);
    }

    static int words(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? 0 : stripped.split("\\s+").length;
    }
}
