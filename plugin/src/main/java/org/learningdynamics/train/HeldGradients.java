package org.learningdynamics.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.learningdynamics.listener.UpdateClipping;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradients of an update that is made of several passes, or of one whose gradients are clipped:
 * those of the first micro-batch, in the session's own arrays, to which the others are added.
 */
final class HeldGradients {
    private final Map<String, INDArray> byParameter = new LinkedHashMap<>();

    /** Adds a micro-batch's gradient; the first is kept, later ones are only read and scaled. */
    void add(String parameter, INDArray gradient, double weight) {
        if (weight != 1) {
            gradient.muli(weight);
        }
        INDArray first = byParameter.putIfAbsent(parameter, gradient);
        if (first != null) {
            first.addi(gradient);
        }
    }

    /** The gradients by parameter, in the order in which they were computed. */
    Map<String, INDArray> byParameter() {
        return Collections.unmodifiableMap(byParameter);
    }

    /** L2 norm of all together, its squares summed in double precision over the parameters. */
    double norm() {
        double sum = 0;
        for (INDArray gradient : byParameter.values()) {
            double norm = gradient.norm2Number().doubleValue();
            sum += norm * norm;
        }
        return Math.sqrt(sum);
    }

    void clip(UpdateClipping clipping) {
        if (clipping.factor() != 1) {
            byParameter.values().forEach(gradient -> gradient.muli(clipping.factor()));
        }
    }

    /** Gives all arrays away. */
    void release(Consumer<INDArray> to) {
        byParameter.values().forEach(to);
        byParameter.clear();
    }
}
