package org.learningdynamics.data;

import com.google.gson.JsonObject;

/** Turns one parsed line into an example. */
@FunctionalInterface
interface ExampleFormat<T extends Example> {
    T parse(long id, JsonObject line) throws BadLineException;
}
