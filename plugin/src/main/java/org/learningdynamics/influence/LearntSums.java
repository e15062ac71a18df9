package org.learningdynamics.influence;

/** What the learnt rows are to each other, in float64. */
record LearntSums(double[][] gram, double[] squares) {
    LearntSums(int rows) {
        this(new double[rows][rows], new double[rows]);
    }

    /** Adds products and squares of a block // [rows·each] of which the first of each row count. */
    void add(double[] products, double[] ownSquares) {
        int each = products.length / squares.length;
        for (int i = 0; i < squares.length; i++) {
            squares[i] += ownSquares[i];
            for (int j = 0; j < squares.length; j++) {
                gram[i][j] += products[i * each + j];
            }
        }
    }

    /** Adds others, times a factor. */
    void add(LearntSums other, double gramScale, double squareScale) {
        for (int i = 0; i < squares.length; i++) {
            squares[i] += squareScale * other.squares[i];
            for (int j = 0; j < squares.length; j++) {
                gram[i][j] += gramScale * other.gram[i][j];
            }
        }
    }
}
