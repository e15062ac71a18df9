package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.listener.UpdateListener.MicroBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The batches of a plan as arrays, an epoch at a time: the host resets it between epochs. A batch's
 * arrays are freed when the next one is asked for.
 */
final class BatchIterator implements MultiDataSetIterator, BatchSplit, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient BatchPlan plan;
    private final transient List<BatchArray> more;
    private final DataType type;
    private final transient CurrentBatch ids;
    private transient Iterator<List<TrainingItem>> batches;
    private transient @Nullable MultiDataSet current;
    private transient List<TrainingItem> items = List.of();
    private int epoch;

    /** Starts after some updates; those that end an epoch start at the next. */
    BatchIterator(
            BatchPlan plan, List<BatchArray> more, DataType type, CurrentBatch ids, int done) {
        this.ids = ids;
        this.plan = plan;
        this.more = List.copyOf(more);
        this.type = type;
        epoch = done / plan.batchesPerEpoch();
        List<List<TrainingItem>> left = plan.epoch(epoch);
        batches = left.subList(done % plan.batchesPerEpoch(), left.size()).iterator();
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public MultiDataSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException("epoch " + epoch + " has no further batch");
        }
        close();
        items = batches.next();
        MultiDataSet batch = arrays(items);
        ids.set(items);
        current = batch;
        return batch;
    }

    /** The current batch in parts of consecutive examples, each padded to its own longest row. */
    @Override
    public List<MicroBatch> split(org.nd4j.linalg.dataset.api.MultiDataSet batch) {
        int count = Math.min(plan.microBatches(), items.size());
        if (count == 1) {
            return BatchSplit.whole().split(batch);
        }
        List<MicroBatch> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(part(batch, items.size() * i / count, items.size() * (i + 1) / count));
        }
        return parts;
    }

    private MicroBatch part(org.nd4j.linalg.dataset.api.MultiDataSet batch, int from, int to) {
        List<TrainingItem> some = items.subList(from, to);
        int responses = items.get(0).responses().size();
        int[] rows =
                IntStream.range(0, responses)
                        .flatMap(
                                k ->
                                        IntStream.range(
                                                k * items.size() + from, k * items.size() + to))
                        .toArray();
        TokenBatch tokens = plan.rows(some);
        List<INDArray> targets = new ArrayList<>();
        targets.add(Nd4j.createFromArray(tokens.labels()));
        for (int i = 1; i < batch.numLabelsArrays(); i++) {
            targets.add(ofRows(batch.getLabels(i), rows));
        }
        MultiDataSet arrays =
                new MultiDataSet(
                        new INDArray[] {Nd4j.createFromArray(tokens.inputIds())},
                        targets.toArray(INDArray[]::new));
        return new MicroBatch(arrays, rows, plan.share(some, items));
    }

    /** Values of some rows; a single value is everybody's. */
    private INDArray ofRows(INDArray values, int[] rows) {
        double[] all = values.toDoubleVector();
        double[] own =
                all.length == 1 ? all : IntStream.of(rows).mapToDouble(r -> all[r]).toArray();
        return BatchArray.of(own, type);
    }

    private MultiDataSet arrays(List<TrainingItem> items) {
        TokenBatch rows = plan.rows(items);
        INDArray ids = Nd4j.createFromArray(rows.inputIds());
        List<INDArray> targets = new ArrayList<>();
        targets.add(Nd4j.createFromArray(rows.labels()));
        more.forEach(array -> targets.add(array.of(items, type)));
        return new MultiDataSet(new INDArray[] {ids}, targets.toArray(INDArray[]::new));
    }

    /** Goes on to the next epoch. */
    @Override
    public void reset() {
        epoch++;
        batches = plan.epoch(epoch).iterator();
    }

    @Override
    public void close() {
        MultiDataSet old = current;
        current = null;
        if (old != null) {
            for (INDArray array : old.getFeatures()) {
                array.close();
            }
            for (INDArray array : old.getLabels()) {
                array.close();
            }
        }
    }

    @Override
    public MultiDataSet next(int size) {
        throw new UnsupportedOperationException("batches have the size of the plan");
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** Arrays are freed batch by batch, so none may be made ahead. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("batches are ready for the model");
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return null;
    }
}
