package org.learningdynamics.influence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.BlockProducts.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Made from factors where observed rows meet it, and kept where there is room. */
final class FactoredSide implements LearntSide {
    private final FactoredGradient learnt;
    private final ParameterDirections directions;
    private final boolean preconditioned;
    private final BlockMemory memory;
    private final DataType type;
    private final List<UpdatePart> parts;
    private final Map<GradientBlock, ReusedArray> kept = new HashMap<>();
    private @Nullable Rows entered; // learnt rows, then parts

    FactoredSide(
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

    @Override
    public int rows() {
        return learnt.rows();
    }

    @Override
    public List<UpdatePart> parts() {
        return parts;
    }

    @Override
    public int held() {
        return count() + (preconditioned ? rows() + 1 : 1);
    }

    @Override
    public void enter(GradientBlock block, boolean keeps) {
        @Nullable ReusedArray ready = kept.get(block);
        if (ready != null) {
            entered = rows(ready, block);
            return;
        }
        ReusedArray target = memory.learnt();
        if (keeps && memory.keep(count() * block.size() * type.width())) {
            target = new ReusedArray();
            kept.put(block, target);
        }
        target.shaped(type, count(), block.size());
        Rows all = rows(target, block);
        write(block, all);
        entered = all;
    }

    private Rows rows(ReusedArray array, GradientBlock block) {
        return new Rows(array, type, count(), block.size());
    }

    private void write(GradientBlock block, Rows all) {
        Rows learntRows = new Rows(all.array(), type, rows(), block.size());
        if (preconditioned) {
            Rows plain = plain(block);
            plain.array().shaped(type, rows(), block.size());
            learnt.write(block, plain.asBlocks(block));
            directions.precondition(block, plain.flat(), learntRows.flat(), memory.scales());
        } else {
            learnt.write(block, learntRows.asBlocks(block));
        }
        for (int i = 0; i < parts.size(); i++) {
            INDArray target = all.asBlock(rows() + i, block);
            directions.writeMoved(parts.get(i), block, target, memory.scales());
        }
    }

    private Rows plain(GradientBlock block) {
        return new Rows(memory.plain(), type, rows(), block.size());
    }

    @Override
    public double[] products(Rows observed) {
        return BlockProducts.of(observed, entered(), memory.products());
    }

    private Rows entered() {
        Rows all = entered;
        if (all == null) {
            throw new IllegalStateException("a block must be entered before it is multiplied with");
        }
        return all;
    }

    @Override
    public void addTo(LearntSums sums, GradientBlock block) {
        Rows made = entered();
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
