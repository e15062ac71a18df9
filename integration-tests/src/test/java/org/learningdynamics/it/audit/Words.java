package org.learningdynamics.it.audit;

import java.util.Arrays;

/** How shapes are written. */
final class Words {
    private Words() {}

    static String shape(long... shape) {
        return shape.length == 0 ? "scalar" : Arrays.toString(shape);
    }
}
