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

    /**
     * Adds products and squares of some rows, which came after those before the first of them.
     *
     * @param products with all rows that have come // [squares · (first + squares)]
     */
    void addRows(int first, double[] products, double[] ownSquares) {
        int each = first + ownSquares.length;
        for (int i = 0; i < ownSquares.length; i++) {
            squares[first + i] += ownSquares[i];
            for (int j = 0; j < each; j++) {
                gram[first + i][j] += products[i * each + j];
                if (j < first) {
                    gram[j][first + i] += products[i * each + j];
                }
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
