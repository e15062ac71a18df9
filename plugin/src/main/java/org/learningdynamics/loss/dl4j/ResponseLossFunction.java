package org.learningdynamics.loss.dl4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.measure.SoftmaxLogits;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The loss of a {@link ResponseOutputLayer} or {@link ResponseLossLayer}, as their configuration
 * holds and saves it: by name and parameters. It names a loss for these two layers, which see whole
 * responses; in any other layer every computation is refused.
 *
 * @param name name of the loss in {@link Losses}
 * @param parameters its parameters, in order
 * @serial exclude
 */
@SuppressWarnings("InvalidBlockTag") // saved as JSON; its fields need no serialized form
public record ResponseLossFunction(
        @JsonProperty("name") String name,
        @JsonProperty("parameters") Map<String, Double> parameters)
        implements ILossFunction, SoftmaxLogits {
    /**
     * Checks that the loss exists and completes its parameters.
     *
     * @param name name of the loss
     * @param parameters its parameters
     * @throws IllegalArgumentException if the name or a parameter is unknown or a value is refused
     */
    public ResponseLossFunction {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        parameters = Losses.byName(name, parameters).parameters();
    }

    /**
     * The name and the parameters of a loss.
     *
     * @param loss any loss that {@link Losses} knows
     * @return its configuration
     */
    public static ResponseLossFunction of(Loss loss) {
        return new ResponseLossFunction(loss.name(), loss.parameters());
    }

    /**
     * The loss.
     *
     * @return made by name
     */
    public Loss loss() {
        return Losses.byName(name, parameters);
    }

    @Override
    public double computeScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            INDArray mask,
            boolean average) {
        throw refuse();
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        throw refuse();
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        throw refuse();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            INDArray mask,
            boolean average) {
        throw refuse();
    }

    private UnsupportedOperationException refuse() {
        return new UnsupportedOperationException(
                "loss "
                        + name
                        + " needs whole responses: use a ResponseOutputLayer or a"
                        + " ResponseLossLayer");
    }
}
