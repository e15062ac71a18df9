package org.learningdynamics.data;

/**
 * One message of a conversation.
 *
 * @param role who speaks, such as {@code user}
 * @param content what they say
 */
public record ChatMessage(String role, String content) {
    /** The role of the model that is trained. */
    public static final String ASSISTANT = "assistant";

    boolean isAnswer() {
        return role.equals(ASSISTANT);
    }
}
