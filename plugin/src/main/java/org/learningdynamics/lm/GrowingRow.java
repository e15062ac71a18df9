package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** A prompt with its answer so far. */
final class GrowingRow {
    private static final int FIRST_CAPACITY = 16;

    private final int[] prompt;
    private final int mostTokens;
    private final Random random;
    private int[] answer = new int[FIRST_CAPACITY];
    private int length;
    private int newest;
    private Finish finish = Finish.LENGTH;
    private boolean ended;

    /**
     * A row.
     *
     * @param mostTokens most tokens of the answer, at least 1
     * @param random its own draws
     */
    GrowingRow(int[] prompt, int mostTokens, Random random) {
        this.prompt = prompt.clone();
        this.mostTokens = mostTokens;
        this.random = random;
    }

    int[] prompt() {
        return prompt;
    }

    int mostTokens() {
        return mostTokens;
    }

    boolean isEnded() {
        return ended;
    }

    /** The token that was chosen last. */
    int newest() {
        return newest;
    }

    void append(double[] logits, Sampling sampling, Set<Integer> ends, Predicate<int[]> isEnd) {
        newest = sampling.choose(logits, random);
        if (ends.contains(newest)) {
            ended = true;
            finish = Finish.END_TOKEN;
            return;
        }
        if (length == answer.length) {
            answer = Arrays.copyOf(answer, 2 * length);
        }
        answer[length++] = newest;
        if (isEnd.test(tokens())) {
            ended = true;
            finish = Finish.STOP_TEXT;
        } else {
            ended = length == mostTokens;
        }
    }

    private int[] tokens() {
        return Arrays.copyOf(answer, length);
    }

    GeneratedTokens answer() {
        return new GeneratedTokens(tokens(), finish);
    }
}
