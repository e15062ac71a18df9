package org.learningdynamics.influence;

import org.learningdynamics.measure.HostProducts;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Inner products of the rows of two blocks: pieces of them in their own type, sums in float64. */
final class BlockProducts {
    /** Multiplications up to which OpenBLAS takes its kernels for small matrices. */
    private static final long SMALL = 1_000_000;

    /** Values of a piece, at least: there is little to gain from the kernels for less. */
    private static final long SHORTEST = 256;

    private BlockProducts() {}

    /** {@code a·bᵀ} // [m, size], [n, size] to [m·n]. */
    static double[] of(Rows a, Rows b, ReusedArray memory) {
        long piece = piece(a.size(), (long) a.count() * b.count());
        long pieces = a.size() / piece;
        INDArray products = memory.shaped(a.type(), pieces, a.count(), b.count());
        BatchedProducts.transposedRight(a.inPieces(piece), b.inPieces(piece), products);
        double[] sums = new double[a.count() * b.count()];
        HostValues values = HostValues.of(products);
        for (long i = 0; i < pieces; i++) {
            values.addTo(sums, i * sums.length);
        }
        return sums;
    }

    /** The largest part of the size for which kernels are fast; all of it if there is none. */
    private static long piece(long size, long products) {
        for (long piece = Math.min(size, SMALL / products); piece >= SHORTEST; piece--) {
            if (size % piece == 0) {
                return piece;
            }
        }
        return size;
    }

    /** Squared norms of rows // [m, size] to [m]. */
    static double[] squares(Rows rows) {
        INDArray flat = rows.flat();
        if (HostProducts.fit(flat)) {
            return HostProducts.squares(flat);
        }
        double[] squares = new double[rows.count()];
        for (int row = 0; row < squares.length; row++) {
            INDArray one = flat.getRow(row);
            squares[row] = Nd4j.getBlasWrapper().dot(one, one);
        }
        return squares;
    }

    /** The first rows of an array, which must hold as many. */
    record Rows(ReusedArray array, DataType type, int count, long size) {
        /** A view // [count, size] to [size / piece, count, piece]. */
        INDArray inPieces(long piece) {
            return array.view(
                    0, new long[] {size / piece, count, piece}, new long[] {piece, size, 1});
        }

        /** As blocks of gradients, to be written // [count, height, width]. */
        INDArray asBlocks(GradientBlock block) {
            return array.view(
                    0,
                    new long[] {count, block.height(), block.width()},
                    new long[] {size, block.width(), 1});
        }

        /** One row, to be written // [height, width]. */
        INDArray asBlock(int row, GradientBlock block) {
            return array.view(
                    row * size,
                    new long[] {block.height(), block.width()},
                    new long[] {block.width(), 1});
        }

        /** Flat // [count, size]. */
        INDArray flat() {
            return array.view(0, new long[] {count, size}, new long[] {size, 1});
        }
    }
}
