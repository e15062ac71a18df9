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
 * batch of observed rows on it is kept where there is room.
 */
final class ExplicitGradients implements AutoCloseable {
    /** Of the explicit gradients of observed rows. */
    private static final long BLOCK_BYTES = 4L << 20;

    /** Of everything that is made of a rectangle for learnt rows. */
    private static final long LEARNT_BYTES = 16L << 20;

    /** Rows of a block, at least: products of many rows are faster than those of few. */
    private static final int BLOCK_ROWS = 32;

    /** Rows of a rectangle of a wide matrix. */
    private static final long HEIGHT = 16;

    private final ParameterMatrix parameter;
    private final BlockMemory memory;
    private final LearntSide side;
    private final DataType type;
    private final long blockBytes;
    private final long height; // of a rectangle
    private final long width;
    private int batches; // of observed rows, so far

    ExplicitGradients(
            FactoredGradient learnt,
            ParameterDirections directions,
            boolean preconditioned,
            BlockMemory memory) {
        this.parameter = learnt.parameter();
        this.memory = memory;
        side = new LearntSide(learnt, directions, preconditioned, memory);
        type = learnt.type();
        blockBytes = Math.min(BLOCK_BYTES, memory.most() / 8);
        long most =
                Math.min(
                                blockBytes / BLOCK_ROWS,
                                Math.min(LEARNT_BYTES, memory.most() / 4) / side.held())
                        / type.width();
        long columns = parameter.columns();
        long rows = Math.max(Math.min(HEIGHT, parameter.rows()), most / columns);
        height = even(parameter.rows(), Math.max(1, Math.min(rows, most)));
        width = even(columns, Math.max(1, most / height));
    }

    /** The extent of parts of equal size, no larger than given. */
    private static long even(long all, long most) {
        long parts = (all + most - 1) / most;
        return (all + parts - 1) / parts;
    }

    /** Products of learnt rows alone. */
    void learnt(LearntSums sums) {
        for (GradientBlock block : blocks()) {
            side.addTo(sums, block, side.block(block, false));
        }
    }

    /** Products with observed rows, and of learnt rows if their sums are given. */
    void observed(
            FactoredGradient observed, ParameterInteraction.Sink sink, Optional<LearntSums> sums) {
        batches++;
        FactoredGradient trimmed = observed.trimmed();
        for (GradientBlock block : blocks()) {
            Rows right = side.block(block, batches > 1 && sums.isEmpty());
            sums.ifPresent(all -> side.addTo(all, block, right));
            int each = rowsOf(block);
            for (int row = 0; row < observed.rows(); row += each) {
                int end = Math.min(observed.rows(), row + each);
                observed(trimmed, block.ofRows(row, end), right, sink);
            }
        }
    }

    private int rowsOf(GradientBlock block) {
        return (int)
                Math.max(1, Math.min(Integer.MAX_VALUE, blockBytes / type.width() / block.size()));
    }

    private void observed(
            FactoredGradient observed,
            GradientBlock block,
            Rows right,
            ParameterInteraction.Sink sink) {
        memory.observed().shaped(type, block.rows(), block.size());
        Rows left = new Rows(memory.observed(), type, block.rows(), block.size());
        observed.write(block, left.asBlocks(block));
        double[] products = BlockProducts.of(left, right, memory.products());
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

    /** Rectangles of all learnt rows. */
    private List<GradientBlock> blocks() {
        List<GradientBlock> blocks = new ArrayList<>();
        for (long top = 0; top < parameter.rows(); top += height) {
            long bottom = Math.min(parameter.rows(), top + height);
            for (long left = 0; left < parameter.columns(); left += width) {
                long right = Math.min(parameter.columns(), left + width);
                blocks.add(new GradientBlock(0, side.rows(), top, bottom, left, right));
            }
        }
        return blocks;
    }

    @Override
    public void close() {
        side.close();
    }
}
