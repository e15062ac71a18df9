package org.learningdynamics.lm;

/** placeholder for the compile */
final class PackedRows {
    static final String POSITIONS = "packed/positions";
    static final String SEGMENTS = "packed/segments";
    static final String HEAD_ROWS = "packed/head_rows";
    static final String LOGITS = "packed/logits";
    static final int PROMPT = 0;

    private PackedRows() {}
}
