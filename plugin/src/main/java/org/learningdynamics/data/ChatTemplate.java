package org.learningdynamics.data;

import java.util.List;

/**
 * Writes conversations as the text that a model reads. The text of a prompt and the text of a
 * response, put together, are the conversation; {@link SequenceEncoder} puts the end-of-sequence
 * token behind the response, so the response's text does not hold it.
 */
public interface ChatTemplate {
    /**
     * The form of the HH data set. A message is {@code "\n\nHuman: "}, {@code "\n\nAssistant: "} or
     * {@code "\n\nSystem: "} with its content; a prompt ends in {@code "\n\nAssistant:"}; a
     * response is a space and the assistant's content, and any further messages in full. No
     * messages are the empty prompt.
     *
     * @return the template
     */
    static ChatTemplate hh() {
        return HhTemplate.INSTANCE;
    }

    /**
     * The prompt's messages and the cue for the answer.
     *
     * @param messages the last one is not from the assistant
     * @return the text
     * @throws IllegalArgumentException if the template cannot write them
     */
    String prompt(List<ChatMessage> messages);

    /**
     * The answer, to be put behind {@link #prompt} of the same messages.
     *
     * @param prompt the messages before it
     * @param response the answer and any messages after it; the first one is from the assistant
     * @return the text, without an end-of-sequence token at its end
     * @throws IllegalArgumentException if the template cannot write them
     */
    String response(List<ChatMessage> prompt, List<ChatMessage> response);
}
