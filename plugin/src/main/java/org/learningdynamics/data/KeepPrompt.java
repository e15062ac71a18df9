package org.learningdynamics.data;

/** Which end of a prompt that is too long stays. */
public enum KeepPrompt {
    /** The first tokens stay. */
    START,
    /** The last tokens stay, as dialogues want. */
    END
}
