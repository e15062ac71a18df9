package org.learningdynamics.listener;

import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** As {@link FixedBatches}, with several arrays a batch. */
final class FixedMultiBatches implements MultiDataSetIterator {
    private static final long serialVersionUID = 1L;

    private final transient List<MultiDataSet> batches;
    private int next;

    FixedMultiBatches(List<MultiDataSet> batches) {
        this.batches = List.copyOf(batches);
    }

    @Override
    public MultiDataSet next() {
        return batches.get(next++);
    }

    @Override
    public MultiDataSet next(int examples) {
        return next();
    }

    @Override
    public boolean hasNext() {
        return next < batches.size();
    }

    @Override
    public void reset() {
        next = 0;
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("batches are fixed");
    }

    @Override
    public MultiDataSetPreProcessor getPreProcessor() {
        return null;
    }
}
