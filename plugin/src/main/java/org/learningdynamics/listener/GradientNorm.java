package org.learningdynamics.listener;

import java.util.HashSet;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Global L2 norm of the raw gradient, gathered variable by variable before the updater sees it. */
final class GradientNorm {
    private final Set<String> names = new HashSet<>();
    private boolean wanted;
    private double sumOfSquares;

    /** Learns the gradients' names from the gradient function. */
    void watch(SameDiff gradientFunction) {
        names.clear();
        for (SDVariable variable : gradientFunction.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                SDVariable gradient = variable.getGradient();
                if (gradient != null) {
                    names.add(gradient.name());
                }
            }
        }
    }

    void start(boolean isWanted) {
        wanted = isWanted;
        sumOfSquares = 0;
    }

    boolean wants(String variable) {
        return wanted && names.contains(variable);
    }

    /** The norm as the host knows it, in place of what was gathered. */
    void set(double norm) {
        sumOfSquares = norm * norm;
    }

    void add(String variable, INDArray gradient) {
        if (wants(variable)) {
            double norm = gradient.norm2Number().doubleValue();
            sumOfSquares += norm * norm;
        }
    }

    double norm() {
        return wanted ? Math.sqrt(sumOfSquares) : Double.NaN;
    }
}
