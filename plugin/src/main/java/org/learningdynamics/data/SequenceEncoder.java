package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns prompts and responses into token sequences. Prompt and response are tokenized apart ({@link
 * Tokenizer#encodePrompt}, {@link Tokenizer#encode}) and joined; every response ends in the
 * end-of-sequence token, so an empty text is a valid response of one token. A response that {@link
 * Truncation} cut does not end there and has no end-of-sequence token. A prompt without any token
 * becomes the single end-of-sequence token, because the first response token needs something to be
 * predicted from: {@code encode("", text)} is how plain text is learnt.
 *
 * <p>Immutable; safe for use by several threads as its tokenizer is.
 */
public final class SequenceEncoder {
    private final Tokenizer tokenizer;
    private final Truncation truncation;

    /**
     * An encoder.
     *
     * @param tokenizer makes the tokens
     * @param truncation how to cut what is too long
     */
    public SequenceEncoder(Tokenizer tokenizer, Truncation truncation) {
        this.tokenizer = tokenizer;
        this.truncation = truncation;
    }

    /**
     * The tokenizer.
     *
     * @return as given
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * The rule for what is too long.
     *
     * @return as given
     */
    public Truncation truncation() {
        return truncation;
    }

    /**
     * One prompt with one response.
     *
     * @param prompt the prompt, may be empty
     * @param response the response, may be empty
     * @return the sequence
     */
    public EncodedResponse encode(String prompt, String response) {
        return encodeSharing(prompt, List.of(response)).get(0);
    }

    /**
     * One prompt with several responses that all follow the same prompt tokens: the longest
     * response decides whether the prompt is cut.
     *
     * @param prompt the prompt, may be empty
     * @param responses at least one response
     * @return a sequence for each response, in order
     */
    public List<EncodedResponse> encodeSharing(String prompt, List<String> responses) {
        if (responses.isEmpty()) {
            throw new IllegalArgumentException("responses must hold at least one text, got none");
        }
        List<int[]> encoded = new ArrayList<>(responses.size());
        int longest = 0;
        for (String response : responses) {
            int[] tokens = withEnd(tokenizer.encode(response));
            longest = Math.max(longest, tokens.length);
            encoded.add(tokens);
        }
        int[] promptTokens = cutPrompt(promptTokens(prompt), longest);
        List<EncodedResponse> rows = new ArrayList<>(encoded.size());
        encoded.forEach(tokens -> rows.add(join(promptTokens, tokens)));
        return rows;
    }

    /**
     * Encodes an example with one response.
     *
     * @param example the example
     * @return its row
     */
    public SupervisedRow encode(CompletionExample example) {
        return new SupervisedRow(example.id(), encode(example.prompt(), example.completion()));
    }

    /**
     * Encodes a preference; both responses share the prompt's tokens.
     *
     * @param example the example
     * @return its row
     */
    public PreferenceRow encode(PreferenceExample example) {
        List<EncodedResponse> pair =
                encodeSharing(example.prompt(), List.of(example.chosen(), example.rejected()));
        return new PreferenceRow(example.id(), pair.get(0), pair.get(1));
    }

    /**
     * Encodes a judged response.
     *
     * @param example the example
     * @return its row
     */
    public UnpairedRow encode(UnpairedExample example) {
        return new UnpairedRow(
                example.id(), encode(example.prompt(), example.completion()), example.label());
    }

    /**
     * The tokens of a prompt alone, cut to {@link Truncation#maxPromptLength()} if longer; what a
     * generation starts from.
     *
     * @param prompt the prompt, may be empty
     * @return at least one token
     */
    public int[] encodePrompt(String prompt) {
        return cutPrompt(promptTokens(prompt), truncation.maxLength());
    }

    private int[] promptTokens(String prompt) {
        int[] tokens = tokenizer.encodePrompt(prompt);
        return tokens.length == 0 ? new int[] {tokenizer.endOfSequenceId()} : tokens;
    }

    private int[] withEnd(int[] tokens) {
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = tokenizer.endOfSequenceId();
        return ended;
    }

    private int[] cutPrompt(int[] prompt, int responseLength) {
        int max = truncation.maxPromptLength();
        if (prompt.length + responseLength <= truncation.maxLength() || prompt.length <= max) {
            return prompt;
        }
        return truncation.keepPrompt() == KeepPrompt.START
                ? Arrays.copyOf(prompt, max)
                : Arrays.copyOfRange(prompt, prompt.length - max, prompt.length);
    }

    private EncodedResponse join(int[] prompt, int[] response) {
        int length = Math.min(prompt.length + response.length, truncation.maxLength());
        int[] tokens = Arrays.copyOf(prompt, length);
        System.arraycopy(response, 0, tokens, prompt.length, length - prompt.length);
        return new EncodedResponse(tokens, prompt.length);
    }
}
