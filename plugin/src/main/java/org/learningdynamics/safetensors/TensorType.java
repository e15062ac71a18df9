package org.learningdynamics.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** Element types; the constants' names are the format's words. */
public enum TensorType {
    /** IEEE 754 double precision. */
    F64(8),
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 half precision: 5 bits of exponent, 10 of fraction. */
    F16(2),
    /** The upper half of a single: 8 bits of exponent, 7 of fraction. */
    BF16(2),
    /** 64-bit integers. */
    I64(8),
    /** 32-bit integers. */
    I32(4),
    /** 16-bit integers. */
    I16(2),
    /** 8-bit integers. */
    I8(1),
    /** Unsigned 64-bit integers. */
    U64(8),
    /** Unsigned 32-bit integers. */
    U32(4),
    /** Unsigned 16-bit integers. */
    U16(2),
    /** Unsigned 8-bit integers. */
    U8(1),
    /** Truth values, a byte each. */
    BOOL(1),
    /** 8-bit floating point, 4 bits of exponent. */
    F8_E4M3(1),
    /** 8-bit floating point, 5 bits of exponent. */
    F8_E5M2(1);

    private final int width;

    TensorType(int width) {
        this.width = width;
    }

    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * Size of an element.
     *
     * @return bytes
     */
    public int width() {
        return width;
    }

    /**
     * Whether arrays of this type are read and written as floating-point numbers.
     *
     * @return true for F64, F32, F16 and BF16
     */
    public boolean isReadable() {
        return switch (this) {
            case F64, F32, F16, BF16 -> true;
            default -> false;
        };
    }
}
