package org.learningdynamics.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

/** Turns a gradient into a step and takes it, as {@code SameDiff.fit} does. */
final class ParameterSteps {
    private final SameDiff gradients;
    private final TrainingConfig configuration;
    private final List<Regularization> regularization;
    private final Map<String, GradientUpdater<?>> updaters;
    private final Map<String, Double> scores = new LinkedHashMap<>();

    ParameterSteps(SameDiff graph, SameDiff gradients) {
        this.gradients = gradients;
        configuration = graph.getTrainingConfig();
        @Nullable List<Regularization> kinds = configuration.getRegularization();
        regularization = kinds == null ? List.of() : kinds;
        updaters = updaters(graph);
    }

    /**
     * The updaters of a graph with their states, made if it has none yet.
     *
     * @return the graph's own, by parameter
     */
    @SuppressWarnings("rawtypes") // as the host declares updaters
    static Map<String, GradientUpdater<?>> updaters(SameDiff graph) {
        if (!graph.isInitializedTraining()) {
            initialise(graph);
        }
        Map<String, GradientUpdater<?>> all = new LinkedHashMap<>();
        Map<String, GradientUpdater> own = graph.getUpdaterMap();
        own.forEach(all::put);
        return all;
    }

    /** SameDiff makes updaters in a method that only {@code fit} can call. */
    private static void initialise(SameDiff graph) {
        try {
            Method method = SameDiff.class.getDeclaredMethod("initializeTraining");
            method.setAccessible(true);
            method.invoke(graph);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("updaters cannot be made: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "SameDiff must have the method initializeTraining of ND4J 1.0.0-M2.1", e);
        }
    }

    /** Forgets the scores of the update before. */
    void start() {
        scores.clear();
    }

    /** What regularisation adds to the loss, by the kind's name, of the steps since the start. */
    Map<String, Double> scores() {
        return scores;
    }

    /** Makes an update of a gradient, in place. */
    void prepare(String parameter, INDArray gradient, At at) {
        INDArray value = value(parameter);
        regularise(ApplyStep.BEFORE_UPDATER, value, gradient, at);
        GradientUpdater<?> updater = Objects.requireNonNull(updaters.get(parameter), parameter);
        updater.applyUpdater(gradient, at.iteration(), at.epoch());
        regularise(ApplyStep.POST_UPDATER, value, gradient, at);
    }

    /** Takes the step. */
    void take(String parameter, INDArray update) {
        if (configuration.isMinimize()) {
            value(parameter).subi(update);
        } else {
            value(parameter).addi(update);
        }
    }

    Variable variable(String parameter) {
        return Objects.requireNonNull(gradients.getVariables().get(parameter), parameter);
    }

    private INDArray value(String parameter) {
        return variable(parameter).getVariable().getArr();
    }

    private void regularise(ApplyStep moment, INDArray value, INDArray gradient, At at) {
        for (Regularization kind : regularization) {
            if (kind.applyStep() == moment) {
                double score = kind.score(value, at.iteration(), at.epoch());
                scores.merge(kind.getClass().getSimpleName(), score, Double::sum);
                kind.apply(value, gradient, rate(at), at.iteration(), at.epoch());
            }
        }
    }

    private double rate(At at) {
        IUpdater updater = configuration.getUpdater();
        return updater.hasLearningRate() ? updater.getLearningRate(at.iteration(), at.epoch()) : 1;
    }
}
