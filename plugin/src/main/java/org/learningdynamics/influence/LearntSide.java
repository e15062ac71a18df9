package org.learningdynamics.influence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.BlockProducts.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the explicit gradients of observed rows with respect to one parameter are multiplied with:
 * the gradients of learnt rows, preconditioned if asked for, and the parts of the update.
 */
final class LearntSide implements AutoCloseable {
    private final FactoredGradient learnt;
    private final ParameterDirections directions;
    private final boolean preconditioned;
    private final BlockMemory memory;
    private final DataType type;
    private final List<UpdatePart> parts;
    private final Map<GradientBlock, ReusedArray> kept = new HashMap<>();

    LearntSide(
            FactoredGradient learnt,
            ParameterDirections directions,
            boolean preconditioned,
            BlockMemory memory) {
        this.learnt = learnt.trimmed();
        this.directions = directions;
        this.preconditioned = preconditioned;
        this.memory = memory;
        type = learnt.type();
        parts = directions.parts();
    }

    /** Learnt rows. */
    int rows() {
        return learnt.rows();
    }

    /** Rows of {@link #block}: learnt rows, then parts. */
    int count() {
        return learnt.rows() + parts.size();
    }

    List<UpdatePart> parts() {
        return parts;
    }

    /** Values that are in memory for one value of a block. */
    int held() {
        return count() + (preconditioned ? rows() + 1 : 1);
    }

    /**
     * Makes a block, or takes it from what is kept.
     *
     * @param keeps whether other batches are to be expected
     * @return all rows of the rectangle, until the next call // [count, size]
     */
    Rows block(GradientBlock block, boolean keeps) {
        @Nullable ReusedArray ready = kept.get(block);
        if (ready != null) {
            return rows(ready, block);
        }
        ReusedArray target = memory.learnt();
        if (keeps && memory.keep(count() * block.size() * type.width())) {
            target = new ReusedArray();
            kept.put(block, target);
        }
        target.shaped(type, count(), block.size());
        Rows all = rows(target, block);
        write(block, all);
        return all;
    }

    private Rows rows(ReusedArray array, GradientBlock block) {
        return new Rows(array, type, count(), block.size());
    }

    private void write(GradientBlock block, Rows all) {
        Rows learntRows = new Rows(all.array(), type, rows(), block.size());
        INDArray scales = memory.scales().shaped(type, block.height(), block.width());
        if (directions.isPreconditioned()) {
            directions.writePreconditioner(block, scales);
        }
        if (preconditioned) {
            memory.plain().shaped(type, rows(), block.size());
            Rows plain = plain(block);
            learnt.write(block, plain.asBlocks(block));
            ParameterDirections.precondition(
                    plain.flat(), memory.scales().shaped(type, 1, block.size()), learntRows.flat());
        } else {
            learnt.write(block, learntRows.asBlocks(block));
        }
        for (int i = 0; i < parts.size(); i++) {
            INDArray target = all.asBlock(rows() + i, block);
            directions.write(parts.get(i), block, target);
            if (directions.isMoved(parts.get(i))) {
                target.muli(scales);
            }
        }
    }

    private Rows plain(GradientBlock block) {
        return new Rows(memory.plain(), type, rows(), block.size());
    }

    /** Adds the learnt rows' products with each other, after the block was made. */
    void addTo(LearntSums sums, GradientBlock block, Rows made) {
        Rows plain =
                preconditioned ? plain(block) : new Rows(made.array(), type, rows(), block.size());
        sums.add(BlockProducts.of(plain, made, memory.products()), BlockProducts.squares(plain));
    }

    @Override
    public void close() {
        kept.values().forEach(ReusedArray::close);
        kept.clear();
    }
}
