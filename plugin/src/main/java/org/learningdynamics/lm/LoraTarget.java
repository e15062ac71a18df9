package org.learningdynamics.lm;

import java.util.Locale;

/** A matrix of every block that low-rank adapters can be added to. */
public enum LoraTarget {
    /** Queries, keys and values together, of models that have one matrix for them. */
    QUERY_KEY_VALUE("attention/" + DecoderParameters.QUERY_KEY_VALUE),
    /** Queries, of models with separate projections. */
    QUERY("attention/" + DecoderParameters.QUERY),
    /** Keys, of models with separate projections. */
    KEY("attention/" + DecoderParameters.KEY),
    /** Values, of models with separate projections. */
    VALUE("attention/" + DecoderParameters.VALUE),
    /** The attention's output matrix. */
    ATTENTION_OUTPUT("attention/" + DecoderParameters.OUTPUT),
    /** The gate of gated feed-forward layers. */
    GATE("feed_forward/" + DecoderParameters.GATE),
    /** The matrix into the hidden layer of the feed-forward layers. */
    UP("feed_forward/" + DecoderParameters.WIDEN),
    /** The matrix out of it. */
    DOWN("feed_forward/" + DecoderParameters.NARROW);

    private final String path;

    LoraTarget(String path) {
        this.path = path;
    }

    /**
     * The name on command lines and in files.
     *
     * @return such as {@code attention_output}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The matrix of a block. */
    String matrix(int block) {
        return "block" + block + "/" + path;
    }
}
