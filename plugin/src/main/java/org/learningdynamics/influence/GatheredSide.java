package org.learningdynamics.influence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.BlockProducts.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Explicit gradients of learnt rows, kept from the start, that came some rows at a time. Of the
 * factors nothing is left; the parts of the update are read where they are.
 */
final class GatheredSide implements LearntSide {
    private final int rows;
    private final DataType type;
    private final ParameterDirections directions;
    private final boolean preconditioned;
    private final BlockMemory memory;
    private final List<UpdatePart> parts;
    private final Map<GradientBlock, ReusedArray> kept = new HashMap<>(); // [rows, size]
    private final Map<GradientBlock, LearntSums> sums = new HashMap<>();
    private @Nullable Rows entered; // learnt rows

    GatheredSide(
            int rows,
            DataType type,
            ParameterDirections directions,
            boolean preconditioned,
            BlockMemory memory) {
        this.rows = rows;
        this.type = type;
        this.directions = directions;
        this.preconditioned = preconditioned;
        this.memory = memory;
        parts = directions.parts();
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public List<UpdatePart> parts() {
        return parts;
    }

    @Override
    public int held() {
        return rows + parts.size() + 1;
    }

    /** Takes some of the rows: a block of all rows, of which those after the first so many come. */
    void gather(FactoredGradient some, GradientBlock block, int first) {
        ReusedArray all =
                kept.computeIfAbsent(
                        block,
                        b -> {
                            ReusedArray made = new ReusedArray();
                            made.shaped(type, rows, b.size());
                            memory.holds(rows * b.size() * type.width());
                            return made;
                        });
        GradientBlock own = block.ofRows(0, some.rows());
        INDArray plain = memory.plain().shaped(type, some.rows(), block.size());
        Rows came = new Rows(memory.plain(), type, some.rows(), block.size());
        some.write(own, came.asBlocks(own));
        INDArray target =
                all.view(
                        first * block.size(),
                        new long[] {some.rows(), block.size()},
                        new long[] {block.size(), 1});
        if (preconditioned) {
            directions.precondition(block, plain, target, memory.scales());
        } else {
            target.assign(plain);
        }
        Rows until = new Rows(all, type, first + some.rows(), block.size());
        sums.computeIfAbsent(block, b -> new LearntSums(rows))
                .addRows(
                        first,
                        BlockProducts.of(came, until, memory.products()),
                        BlockProducts.squares(came));
    }

    @Override
    public void enter(GradientBlock block, boolean keeps) {
        entered = new Rows(Objects.requireNonNull(kept.get(block)), type, rows, block.size());
        if (parts.isEmpty()) {
            return;
        }
        Rows written = written(block.size());
        written.array().shaped(type, parts.size(), block.size());
        for (int i = 0; i < parts.size(); i++) {
            directions.writeMoved(parts.get(i), block, written.asBlock(i, block), memory.scales());
        }
    }

    private Rows written(long size) {
        return new Rows(memory.learnt(), type, parts.size(), size);
    }

    @Override
    public double[] products(Rows observed) {
        Rows learnt = Objects.requireNonNull(entered);
        double[] all = new double[observed.count() * count()];
        put(BlockProducts.of(observed, learnt, memory.products()), rows, all, 0);
        if (!parts.isEmpty()) {
            Rows written = written(learnt.size());
            put(BlockProducts.of(observed, written, memory.products()), parts.size(), all, rows);
        }
        return all;
    }

    private void put(double[] products, int each, double[] all, int place) {
        for (int row = 0; row < products.length / each; row++) {
            System.arraycopy(products, row * each, all, row * count() + place, each);
        }
    }

    @Override
    public void addTo(LearntSums all, GradientBlock block) {
        all.add(Objects.requireNonNull(sums.get(block)), 1, 1);
    }

    @Override
    public void close() {
        kept.values().forEach(ReusedArray::close);
        kept.clear();
    }
}
