package org.learningdynamics.train;

import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** The same batches every epoch. */
final class ListBatches implements MultiDataSetIterator {
    private static final long serialVersionUID = 1L;

    private final transient List<MultiDataSet> batches;
    private int next;

    ListBatches(List<MultiDataSet> batches) {
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
