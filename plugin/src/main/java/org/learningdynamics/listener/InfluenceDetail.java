package org.learningdynamics.listener;

/** What is recorded of influences besides their sums over layers and tokens. */
public enum InfluenceDetail {
    /** Sums only. */
    SUMS,
    /** One matrix a layer group too; costs storage, not time. */
    LAYERS,
    /** Influence on each response token too; one more pass a token of the longest response. */
    TOKENS,
    /** Both. */
    LAYERS_AND_TOKENS;

    boolean layers() {
        return this == LAYERS || this == LAYERS_AND_TOKENS;
    }

    boolean tokens() {
        return this == TOKENS || this == LAYERS_AND_TOKENS;
    }
}
