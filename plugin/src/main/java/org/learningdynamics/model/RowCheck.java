package org.learningdynamics.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.ParameterMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Compares what a pass over many rows says of its first and last row with passes over these alone.
 */
final class RowCheck {
    private static final double TOLERANCE_FLOAT = 1e-3;
    private static final double TOLERANCE_DOUBLE = 1e-8;

    private final GraphPass pass;
    private final Map<String, ParameterUses> uses;

    RowCheck(GraphPass pass, Map<String, ParameterUses> uses) {
        this.pass = pass;
        this.uses = uses;
    }

    /** Takes the rules from parameters that differ. */
    void check(ModelInput input, INDArray values, int rows) {
        try (RowPass all = pass.run(input, values, rows)) {
            for (int row : new int[] {0, rows - 1}) {
                checkLogits(all.logits(), input, values, row, rows);
                checkGradients(all.gradients().parameters(), input, values, row, rows);
            }
        }
    }

    private void checkLogits(INDArray all, ModelInput input, INDArray values, int row, int rows) {
        long positions = all.size(0) / rows;
        INDArray expected =
                all.get(
                        NDArrayIndex.interval(row * positions, (row + 1) * positions),
                        NDArrayIndex.all());
        try (INDArray alone = pass.singleLogits(input, values, row, rows)) {
            double difference = expected.distance2(alone);
            if (!(difference <= tolerance(alone) * (1 + alone.norm2Number().doubleValue()))) {
                throw new IllegalStateException(
                        "rows of a batch must not depend on each other: alone, row "
                                + row
                                + " has logits that differ by "
                                + difference
                                + "; such a model has no gradients of single rows");
            }
        }
    }

    private void checkGradients(
            List<FactoredGradient> all, ModelInput input, INDArray values, int row, int rows) {
        List<FactoredGradient> ruled =
                all.stream().filter(gradient -> usesOf(gradient.parameter()).hasRule()).toList();
        List<ParameterMatrix> parameters = ruled.stream().map(FactoredGradient::parameter).toList();
        Map<String, INDArray> single = pass.single(input, values, row, rows, parameters);
        for (FactoredGradient gradient : ruled) {
            ParameterMatrix parameter = gradient.parameter();
            INDArray alone = Objects.requireNonNull(single.get(parameter.name()));
            if (!agree(gradient, alone, row)) {
                uses.put(
                        parameter.name(),
                        usesOf(parameter)
                                .without(
                                        "parameter \""
                                                + parameter.name()
                                                + "\" is not read row by row: differentiated row"
                                                + " by row"));
            }
            alone.close();
        }
    }

    private static boolean agree(FactoredGradient gradient, INDArray alone, int row) {
        ParameterMatrix parameter = gradient.parameter();
        try (INDArray matrix = parameter.matrix(alone).dup('c');
                INDArray all = gradient.explicit(0, parameter.columns())) {
            INDArray own = all.get(NDArrayIndex.point(row), NDArrayIndex.all(), NDArrayIndex.all());
            double difference = own.distance2(matrix);
            double norm = matrix.norm2Number().doubleValue();
            return difference <= tolerance(matrix) * norm + Float.MIN_NORMAL
                    || !Double.isFinite(norm);
        }
    }

    private ParameterUses usesOf(ParameterMatrix parameter) {
        return Objects.requireNonNull(uses.get(parameter.name()), parameter.name());
    }

    private static double tolerance(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? TOLERANCE_DOUBLE : TOLERANCE_FLOAT;
    }
}
