package org.learningdynamics.it.audit;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One op in one configuration.
 *
 * @param call how a user calls it
 * @param configuration shapes and options in words
 * @param condition name of the {@code GraphCondition} the configuration stands for
 * @param subject name of the op under test; empty for the last op that the call adds
 * @param expectation what is asked of value and gradient
 * @param build adds the call to a graph
 * @param inputs arrays the call takes
 */
record GradientCase(
        String call,
        String configuration,
        String condition,
        String subject,
        Expectation expectation,
        Build build,
        List<Input> inputs) {
    /** The condition of a configuration that stands for every use of the op. */
    static final String ALWAYS = "ALWAYS";

    /** What is asked of value and gradient. */
    enum Expectation {
        /** The gradient equals central differences. */
        DIFFERENCES,
        /** The gradient of the plain sum of the outputs equals central differences. */
        SUM_DIFFERENCES,
        /** Value and gradient are finite, as the mathematical ones are. */
        FINITE
    }

    /** Adds a call to a graph. */
    @FunctionalInterface
    interface Build {
        /** Returns the outputs that make up the loss. */
        SDVariable[] build(SameDiff graph, SDVariable[] inputs);
    }

    /**
     * An array that the call takes.
     *
     * @param array its values
     * @param trained whether a gradient is wanted
     */
    record Input(INDArray array, boolean trained) {}

    GradientCase under(String name) {
        return new GradientCase(call, configuration, name, subject, expectation, build, inputs);
    }

    GradientCase of(String op) {
        return new GradientCase(call, configuration, condition, op, expectation, build, inputs);
    }

    GradientCase plainSum() {
        return new GradientCase(
                call,
                configuration,
                condition,
                subject,
                Expectation.SUM_DIFFERENCES,
                build,
                inputs);
    }

    GradientCase extreme() {
        return new GradientCase(
                call, configuration, condition, subject, Expectation.FINITE, build, inputs);
    }

    String id() {
        return call + " | " + configuration;
    }
}
