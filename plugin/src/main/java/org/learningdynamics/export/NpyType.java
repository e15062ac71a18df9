package org.learningdynamics.export;

import java.util.Optional;

/** What an array file holds, little-endian. */
enum NpyType {
    FLOAT64("<f8", Double.BYTES),
    FLOAT32("<f4", Float.BYTES),
    INT64("<i8", Long.BYTES);

    private final String descr;
    private final int bytes;

    NpyType(String descr, int bytes) {
        this.descr = descr;
        this.bytes = bytes;
    }

    /** The name in an array file. */
    String descr() {
        return descr;
    }

    int bytes() {
        return bytes;
    }

    static Optional<NpyType> ofDescr(String descr) {
        for (NpyType type : values()) {
            if (type.descr.equals(descr)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
