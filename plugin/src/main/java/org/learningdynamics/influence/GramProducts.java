package org.learningdynamics.influence;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Inner products of gradients that are never made: {@code ⟨∂W_o, ∂W_i⟩ = Σ_{t,t'} (a_ot·a_it')·
 * (δ_ot·δ_it')}, for every pair of uses of the parameter.
 */
final class GramProducts {
    private GramProducts() {}

    /** Whether this costs fewer multiplications than explicit gradients do. */
    static boolean isCheaper(FactoredGradient left, FactoredGradient right, int directions) {
        double d = left.parameter().rows();
        double p = left.parameter().columns();
        double leftPositions = 0;
        double rightPositions = 0;
        for (GradientFactor factor : left.factors()) {
            leftPositions += positions(factor);
        }
        for (GradientFactor factor : right.factors()) {
            rightPositions += positions(factor);
        }
        if (!(leftPositions < Double.MAX_VALUE && rightPositions < Double.MAX_VALUE)) {
            return false;
        }
        double r = left.rows();
        double b = right.rows();
        double grams =
                r * b * leftPositions * rightPositions * (d + p)
                        + r * leftPositions * leftPositions * (d + p)
                        + directions * r * leftPositions * d * p;
        double explicit = d * p * (r * leftPositions + b * rightPositions + r * (b + directions));
        return grams < explicit;
    }

    private static double positions(GradientFactor factor) {
        return factor instanceof OuterProducts outer ? outer.positions() : Double.MAX_VALUE;
    }

    /** Of all pairs of rows; all factors must be outer products // [left][right]. */
    static double[][] of(FactoredGradient left, FactoredGradient right) {
        double[][] sums = new double[left.rows()][right.rows()];
        for (GradientFactor l : left.factors()) {
            for (GradientFactor r : right.factors()) {
                addPairs((OuterProducts) l, (OuterProducts) r, sums);
            }
        }
        return sums;
    }

    private static void addPairs(OuterProducts left, OuterProducts right, double[][] sums) {
        try (INDArray grams =
                        BatchedProducts.transposedRight(flat(left.inputs()), flat(right.inputs()));
                INDArray deltas =
                        BatchedProducts.transposedRight(
                                flat(left.deltas()), flat(right.deltas()))) {
            grams.muli(deltas);
            double[] all = summed(grams, left, right);
            for (int i = 0; i < all.length; i++) {
                sums[i / right.rows()][i % right.rows()] += all[i];
            }
        }
    }

    /** Sums over both positions // [left·right]. */
    private static double[] summed(INDArray products, OuterProducts left, OuterProducts right) {
        if (left.positions() == 1 && right.positions() == 1) {
            return RowSums.doubles(products);
        }
        INDArray split =
                products.reshape(
                        'c', left.rows(), left.positions(), right.rows(), right.positions());
        return RowSums.over(split, 1, 3);
    }

    /** Of each row with itself // [rows]. */
    static double[] squares(FactoredGradient gradient) {
        double[] sums = new double[gradient.rows()];
        for (GradientFactor l : gradient.factors()) {
            for (GradientFactor r : gradient.factors()) {
                addOwn((OuterProducts) l, (OuterProducts) r, sums);
            }
        }
        return sums;
    }

    private static void addOwn(OuterProducts left, OuterProducts right, double[] sums) {
        try (INDArray grams = BatchedProducts.eachTransposedRight(left.inputs(), right.inputs());
                INDArray deltas =
                        BatchedProducts.eachTransposedRight(left.deltas(), right.deltas())) {
            grams.muli(deltas);
            double[] own = RowSums.over(grams, 1, 2);
            for (int row = 0; row < own.length; row++) {
                sums[row] += own[row];
            }
        }
    }

    private static INDArray flat(INDArray factor) {
        return factor.reshape('c', factor.size(0) * factor.size(1), factor.size(2));
    }
}
