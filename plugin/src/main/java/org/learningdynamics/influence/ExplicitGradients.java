package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Products of explicit gradients with respect to one parameter, a block of columns and a few rows
 * at a time: blocks that fit into the processor's cache are made, read and dropped in a third of
 * the time that one large array takes. What belongs to the learnt side is kept from one batch of
 * observed rows to the next where there is room.
 */
final class ExplicitGradients implements AutoCloseable {
    /** Of the explicit gradients of observed rows; about a processor's second cache. */
    private static final long BLOCK_BYTES = 4L << 20;

    /** Rows of a block, at least, so that products of blocks are not products of vectors. */
    private static final int BLOCK_ROWS = 16;

    private final FactoredGradient learnt;
    private final ParameterMatrix parameter;
    private final ParameterDirections directions;
    private final boolean preconditioned;
    private final KeptMemory memory;
    private final long blockBytes;
    private final long columns; // of a block
    private final Map<Long, INDArray> kept = new HashMap<>(); // by first column

    ExplicitGradients(
            FactoredGradient learnt,
            ParameterDirections directions,
            boolean preconditioned,
            long memoryBytes,
            KeptMemory memory) {
        this.learnt = learnt;
        this.parameter = learnt.parameter();
        this.directions = directions;
        this.preconditioned = preconditioned;
        this.memory = memory;
        blockBytes = Math.min(BLOCK_BYTES, memoryBytes / 4);
        int sideRows = 2 * learnt.rows() + directions.matrices().size();
        long most =
                Math.min(blockBytes / BLOCK_ROWS, memoryBytes / 4 / sideRows) / bytesPerColumn();
        columns = Math.max(1, Math.min(parameter.columns(), most));
    }

    private long bytesPerColumn() {
        return parameter.rows() * learnt.factors().get(0).bytesPerValue();
    }

    /** Takes products of two learnt rows: the plain one, and the preconditioned one. */
    @FunctionalInterface
    interface LearntSink {
        void add(int i, int j, double plain, double moved);
    }

    void learnt(LearntSink sink) {
        int rows = learnt.rows();
        blocks(
                (from, to) -> {
                    try (INDArray plain = learnt.explicit(from, to)) {
                        Block right = right(plain, from, to);
                        double[] squares = squares(plain);
                        double[] products = products(plain, right.array());
                        int each = products.length / rows;
                        for (int i = 0; i < rows; i++) {
                            for (int j = 0; j < rows; j++) {
                                sink.add(i, j, squares[i], products[i * each + j]);
                            }
                        }
                        right.close();
                    }
                });
    }

    void observed(FactoredGradient observed, ParameterInteraction.Sink sink) {
        long each = Math.min(observed.rows(), rowsOfBlock());
        blocks(
                (from, to) -> {
                    Block right = right(from, to);
                    for (int row = 0; row < observed.rows(); row += (int) each) {
                        int end = (int) Math.min(observed.rows(), row + each);
                        try (INDArray left = observed.part(row, end).explicit(from, to)) {
                            add(products(left, right.array()), squares(left), row, sink);
                        }
                    }
                    right.close();
                });
    }

    private long rowsOfBlock() {
        return Math.max(1, blockBytes / (columns * bytesPerColumn()));
    }

    private void add(
            double[] products, double[] squares, int first, ParameterInteraction.Sink sink) {
        List<UpdatePart> parts = new ArrayList<>(directions.matrices().keySet());
        int each = products.length / squares.length;
        for (int row = 0; row < squares.length; row++) {
            sink.square(first + row, squares[row]);
            for (int i = 0; i < each; i++) {
                double product = products[row * each + i];
                if (i < learnt.rows()) {
                    sink.pair(first + row, i, product);
                } else {
                    sink.direction(parts.get(i - learnt.rows()), first + row, product);
                }
            }
        }
    }

    private Block right(long from, long to) {
        @Nullable INDArray ready = kept.get(from);
        if (ready != null) {
            return new Block(ready, true);
        }
        try (INDArray plain = learnt.explicit(from, to)) {
            return right(plain, from, to);
        }
    }

    /** Learnt gradients and directions of some columns // [learnt + parts, d·(to − from)]. */
    private Block right(INDArray plain, long from, long to) {
        INDArray array = join(plain, from, to);
        boolean isKept = memory.take(array.length() * array.dataType().width());
        if (isKept) {
            kept.put(from, array);
        }
        return new Block(array, isKept);
    }

    private INDArray join(INDArray plain, long from, long to) {
        int rows = learnt.rows();
        long size = parameter.rows() * (to - from);
        INDArray right =
                Nd4j.createUninitialized(
                        plain.dataType(),
                        new long[] {rows + directions.matrices().size(), size},
                        'c');
        INDArray moved = right.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
        if (preconditioned) {
            directions.precondition(flat(plain), moved, from, to);
        } else {
            moved.assign(flat(plain));
        }
        int next = rows;
        for (INDArray matrix : directions.matrices().values()) {
            try (INDArray some = ParameterDirections.columns(matrix, from, to)) {
                right.getRow(next++).assign(some.reshape(size));
            }
        }
        return right;
    }

    private static double[] products(INDArray left, INDArray right) {
        try (INDArray products = BatchedProducts.transposedRight(flat(left), right)) {
            return RowSums.doubles(products);
        }
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

    private void blocks(Columns work) {
        for (long from = 0; from < parameter.columns(); from += columns) {
            work.run(from, Math.min(parameter.columns(), from + columns));
        }
    }

    @Override
    public void close() {
        kept.values().forEach(INDArray::close);
        kept.clear();
    }

    /** Works on some columns. */
    @FunctionalInterface
    private interface Columns {
        void run(long from, long to);
    }

    /** An array that ends with the block unless it is kept. */
    private record Block(INDArray array, boolean isKept) {
        void close() {
            if (!isKept) {
                array.close();
            }
        }
    }
}
