package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.influence.BlockProducts.Rows;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Products of explicit gradients with respect to one parameter, a rectangle of the parameter and
 * some rows at a time, in memory that is written over again and again. The learnt side of a
 * rectangle is made where observed rows meet it, for its own products at once; from the second
 * batch of observed rows on it is kept where there is room. Rectangles are the larger the fewer
 * rows come at a time.
 */
final class ExplicitGradients implements AutoCloseable {
    /** Of the explicit gradients of observed rows. */
    private static final long BLOCK_BYTES = 4L << 20;

    /** Of everything that is made of a rectangle for learnt rows. */
    private static final long LEARNT_BYTES = 16L << 20;

    /**
     * Rows of a block, at least, if there are as many: products of many rows are faster than those
     * of few.
     */
    private static final int BLOCK_ROWS = 32;

    /** Rows of a rectangle of a wide matrix. */
    private static final long HEIGHT = 16;

    /** Columns of a rectangle: products of narrower ones are faster. */
    private static final long WIDTH = 256;

    private final ParameterMatrix parameter;
    private final BlockMemory memory;
    private final LearntSide side;
    private final DataType type;
    private final long blockBytes;
    private List<GradientBlock> blocks = List.of(); // all of the parameter, once rows have come
    private int batches; // of observed rows, so far

    ExplicitGradients(
            ParameterMatrix parameter, LearntSide side, DataType type, BlockMemory memory) {
        this.parameter = parameter;
        this.memory = memory;
        this.side = side;
        this.type = type;
        blockBytes = Math.min(BLOCK_BYTES, memory.most() / 8);
    }

    /**
     * Rectangles of all learnt rows, the same ones in every call.
     *
     * @param observed rows that come at a time, as far as is known when this is called first
     */
    List<GradientBlock> blocks(int observed) {
        if (blocks.isEmpty()) {
            blocks = rectangles(Math.min(BLOCK_ROWS, observed));
        }
        return blocks;
    }

    private List<GradientBlock> rectangles(int observed) {
        long most =
                Math.min(
                                blockBytes / observed,
                                Math.min(LEARNT_BYTES, memory.most() / 4) / side.held())
                        / type.width();
        long columns = even(parameter.columns(), WIDTH);
        long rows = Math.max(Math.min(HEIGHT, parameter.rows()), most / columns);
        long height = even(parameter.rows(), Math.max(1, Math.min(rows, most)));
        return rectangles(height, even(columns, Math.max(1, most / height)));
    }

    private List<GradientBlock> rectangles(long height, long width) {
        List<GradientBlock> all = new ArrayList<>();
        for (long top = 0; top < parameter.rows(); top += height) {
            long bottom = Math.min(parameter.rows(), top + height);
            for (long left = 0; left < parameter.columns(); left += width) {
                long right = Math.min(parameter.columns(), left + width);
                all.add(new GradientBlock(0, side.rows(), top, bottom, left, right));
            }
        }
        return all;
    }

    /** The extent of parts of equal size, no larger than given. */
    private static long even(long all, long most) {
        long parts = (all + most - 1) / most;
        return (all + parts - 1) / parts;
    }

    /** Products of learnt rows alone. */
    void learnt(LearntSums sums) {
        for (GradientBlock block : blocks(BLOCK_ROWS)) {
            side.enter(block, false);
            side.addTo(sums, block);
        }
    }

    /** Products with observed rows, and of learnt rows if their sums are given. */
    void observed(
            FactoredGradient observed, ParameterInteraction.Sink sink, Optional<LearntSums> sums) {
        batches++;
        FactoredGradient trimmed = observed.trimmed();
        for (GradientBlock block : blocks(observed.rows())) {
            side.enter(block, batches > 1 && sums.isEmpty());
            sums.ifPresent(all -> side.addTo(all, block));
            int each = rowsOf(block);
            for (int row = 0; row < observed.rows(); row += each) {
                int end = Math.min(observed.rows(), row + each);
                observed(trimmed, block.ofRows(row, end), sink);
            }
        }
    }

    private int rowsOf(GradientBlock block) {
        return (int)
                Math.max(1, Math.min(Integer.MAX_VALUE, blockBytes / type.width() / block.size()));
    }

    private void observed(
            FactoredGradient observed, GradientBlock block, ParameterInteraction.Sink sink) {
        memory.observed().shaped(type, block.rows(), block.size());
        Rows left = new Rows(memory.observed(), type, block.rows(), block.size());
        observed.write(block, left.asBlocks(block));
        double[] products = side.products(left);
        double[] squares = BlockProducts.squares(left);
        int each = side.count();
        for (int row = 0; row < squares.length; row++) {
            int to = block.fromRow() + row;
            sink.square(to, squares[row]);
            for (int i = 0; i < side.rows(); i++) {
                sink.pair(to, i, products[row * each + i]);
            }
            for (int i = side.rows(); i < each; i++) {
                sink.direction(side.parts().get(i - side.rows()), to, products[row * each + i]);
            }
        }
    }

    @Override
    public void close() {
        side.close();
    }
}
