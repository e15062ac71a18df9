package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Gradients of every kind of factor, and updates, drawn at random. */
final class GradientSamples {
    /** A long matrix, a tied table of tokens, a bias, and one that prefers Gram matrices. */
    static final List<ParameterMatrix> PARAMETERS =
            List.of(
                    ParameterMatrix.of("table", "embedding", 11, 6),
                    ParameterMatrix.of("wide", "block", 40, 900),
                    ParameterMatrix.of("steep", "block", 30, 50),
                    ParameterMatrix.vector("bias", "head", 1, 9));

    private final Random random;

    GradientSamples(long seed) {
        random = new Random(seed);
    }

    /** One row alone. */
    static FactoredGradient row(FactoredGradient gradient, int row) {
        return rows(gradient, row, row + 1);
    }

    /** Copies of some rows. */
    static FactoredGradient rows(FactoredGradient gradient, int from, int to) {
        return new FactoredGradient(
                gradient.parameter(),
                gradient.factors().stream().map(factor -> rows(factor, from, to)).toList());
    }

    private static GradientFactor rows(GradientFactor factor, int from, int to) {
        if (factor instanceof OuterProducts outer) {
            return new OuterProducts(
                    rows(outer.inputs(), from, to), rows(outer.deltas(), from, to));
        }
        if (factor instanceof TokenLookups lookups) {
            return new TokenLookups(
                    Arrays.copyOfRange(lookups.ids(), from, to), rows(lookups.deltas(), from, to));
        }
        return new WholeGradients(rows(((WholeGradients) factor).values(), from, to));
    }

    private static INDArray rows(INDArray array, int from, int to) {
        return array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
    }

    RowGradients gradients(int rows, int positions, DataType type) {
        List<FactoredGradient> all = new ArrayList<>();
        for (ParameterMatrix parameter : PARAMETERS) {
            List<GradientFactor> factors = new ArrayList<>();
            if (parameter.name().equals("bias")) {
                factors.add(new WholeGradients(normal(type, rows, 1, parameter.columns())));
            } else {
                factors.add(
                        new OuterProducts(
                                normal(type, rows, positions, parameter.rows()),
                                normal(type, rows, positions, parameter.columns())));
            }
            if (parameter.name().equals("table")) {
                int[][] ids = new int[rows][positions];
                for (int[] row : ids) {
                    for (int t = 0; t < positions; t++) {
                        row[t] = random.nextInt(12) - 1;
                    }
                }
                factors.add(
                        new TokenLookups(ids, normal(type, rows, positions, parameter.columns())));
            }
            all.add(new FactoredGradient(parameter, factors));
        }
        return new RowGradients(rows, all);
    }

    Map<String, ParameterUpdate> updates(boolean preconditioned, DataType type) {
        Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
        for (ParameterMatrix parameter : PARAMETERS) {
            long[] shape = hostShape(parameter);
            updates.put(
                    parameter.name(),
                    new ParameterUpdate(
                            normal(type, shape),
                            normal(type, shape),
                            0.3,
                            preconditioned ? Optional.of(positive(shape, type)) : Optional.empty(),
                            preconditioned ? Optional.of(normal(type, shape)) : Optional.empty(),
                            Optional.of(normal(type, shape))));
        }
        return updates;
    }

    static long[] hostShape(ParameterMatrix parameter) {
        return new long[] {parameter.rows(), parameter.columns()};
    }

    INDArray positive(long[] shape, DataType type) {
        return normal(type, shape).muli(0.1).addi(1);
    }

    INDArray normal(DataType type, long... shape) {
        INDArray array = Nd4j.create(type, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }
}
