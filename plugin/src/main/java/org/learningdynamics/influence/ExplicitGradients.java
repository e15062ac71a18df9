package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Products of explicit gradients with respect to one parameter, a block of columns at a time. What
 * belongs to the learnt side is kept from one batch of observed rows to the next if it is small.
 */
final class ExplicitGradients implements AutoCloseable {
    private final FactoredGradient learnt;
    private final ParameterMatrix parameter;
    private final ParameterDirections directions;
    private final boolean preconditioned;
    private final long memoryBytes;
    private @Nullable INDArray kept; // [learnt + parts, d·p] if it is one block and small

    ExplicitGradients(
            FactoredGradient learnt,
            ParameterDirections directions,
            boolean preconditioned,
            long memoryBytes) {
        this.learnt = learnt;
        this.parameter = learnt.parameter();
        this.directions = directions;
        this.preconditioned = preconditioned;
        this.memoryBytes = memoryBytes;
    }

    /** Takes products of two learnt rows: the plain one, and the preconditioned one. */
    @FunctionalInterface
    interface LearntSink {
        void add(int i, int j, double plain, double moved);
    }

    void learnt(LearntSink sink) {
        int rows = learnt.rows();
        blocks(
                2 * rows,
                (from, to) -> {
                    try (INDArray plain = learnt.explicit(from, to);
                            INDArray moved = moved(from, to);
                            INDArray products =
                                    BatchedProducts.transposedRight(flat(plain), flat(moved))) {
                        double[] squares = squares(plain);
                        for (int i = 0; i < rows; i++) {
                            for (int j = 0; j < rows; j++) {
                                sink.add(i, j, squares[i], products.getDouble(i, j));
                            }
                        }
                    }
                });
    }

    void observed(FactoredGradient observed, ParameterInteraction.Sink sink) {
        int parts = directions.matrices().size();
        blocks(
                observed.rows() + 2 * learnt.rows() + 2 * parts,
                (from, to) -> {
                    INDArray right = right(from, to);
                    try (INDArray left = observed.explicit(from, to);
                            INDArray products =
                                    BatchedProducts.transposedRight(flat(left), right)) {
                        add(products, squares(left), sink);
                    } finally {
                        if (right != kept) {
                            right.close();
                        }
                    }
                });
    }

    private void add(INDArray products, double[] squares, ParameterInteraction.Sink sink) {
        List<UpdatePart> parts = new ArrayList<>(directions.matrices().keySet());
        double[] all = RowSums.doubles(products);
        int columns = (int) products.size(1);
        for (int row = 0; row < squares.length; row++) {
            sink.square(row, squares[row]);
            for (int i = 0; i < columns; i++) {
                double product = all[row * columns + i];
                if (i < learnt.rows()) {
                    sink.pair(row, i, product);
                } else {
                    sink.direction(parts.get(i - learnt.rows()), row, product);
                }
            }
        }
    }

    /** Learnt gradients and directions of some columns // [learnt + parts, d·(to − from)]. */
    private INDArray right(long from, long to) {
        INDArray ready = kept;
        if (ready != null) {
            return ready;
        }
        INDArray right = join(from, to);
        boolean whole = from == 0 && to == parameter.columns();
        if (whole && bytes(right) <= memoryBytes / 4) {
            kept = right;
        }
        return right;
    }

    private INDArray join(long from, long to) {
        long size = parameter.rows() * (to - from);
        int rows = learnt.rows();
        try (INDArray moved = moved(from, to)) {
            INDArray right =
                    Nd4j.createUninitialized(
                            moved.dataType(),
                            new long[] {rows + directions.matrices().size(), size},
                            'c');
            right.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all()).assign(flat(moved));
            int next = rows;
            for (INDArray matrix : directions.matrices().values()) {
                try (INDArray columns = ParameterDirections.columns(matrix, from, to)) {
                    right.getRow(next++).assign(columns.reshape(size));
                }
            }
            return right;
        }
    }

    private INDArray moved(long from, long to) {
        INDArray gradients = learnt.explicit(from, to);
        if (preconditioned) {
            directions.precondition(gradients, from, to);
        }
        return gradients;
    }

    /** A view; closing a view does nothing, its array must be closed. */
    private static INDArray flat(INDArray gradients) {
        return gradients.reshape('c', gradients.size(0), gradients.length() / gradients.size(0));
    }

    /** Of rows {@code [N, d, c]}: norms of pieces in their own type, their squares in float64. */
    private static double[] squares(INDArray gradients) {
        long rows = gradients.size(0);
        try (INDArray norms = gradients.norm2(2)) {
            double[] all = RowSums.doubles(norms);
            double[] squares = new double[(int) rows];
            int each = all.length / squares.length;
            for (int i = 0; i < all.length; i++) {
                squares[i / each] += all[i] * all[i];
            }
            return squares;
        }
    }

    private static long bytes(INDArray array) {
        return array.length() * array.dataType().width();
    }

    private void blocks(int rows, Block block) {
        long width = learnt.factors().get(0).bytesPerValue();
        long perColumn = rows * parameter.rows() * width;
        long columns = Math.max(1, Math.min(parameter.columns(), memoryBytes / perColumn));
        for (long from = 0; from < parameter.columns(); from += columns) {
            block.run(from, Math.min(parameter.columns(), from + columns));
        }
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    /** Works on some columns. */
    @FunctionalInterface
    private interface Block {
        void run(long from, long to);
    }
}
