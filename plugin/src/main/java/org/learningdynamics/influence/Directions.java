package org.learningdynamics.influence;

/** The parts of the first-order change of observed rows, summed over parameters. */
record Directions(double[] batch, double[] history, double[] decay) {
    Directions(int rows) {
        this(new double[rows], new double[rows], new double[rows]);
    }

    /** Where the products with a part are added, with which sign. */
    void add(UpdatePart part, int row, double product) {
        switch (part) {
            case BATCH -> batch[row] -= product;
            case HISTORY -> history[row] -= product;
            case DECAY -> decay[row] -= product;
            case STEP -> throw new IllegalArgumentException("the step is kept by layer");
        }
    }
}
