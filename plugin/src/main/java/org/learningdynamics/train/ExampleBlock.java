package org.learningdynamics.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A block of examples of an {@link InfluencePieces}, as it travels. */
public final class ExampleBlock implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final ArrayList<TrainingItem> items;
    private final double[][] reference; // [examples][responses], nats

    ExampleBlock(int number, List<TrainingItem> items, double[][] reference) {
        this.number = number;
        this.items = new ArrayList<>(items);
        this.reference = reference;
    }

    /**
     * Its place among the job's blocks.
     *
     * @return from 0
     */
    public int number() {
        return number;
    }

    List<TrainingItem> items() {
        return items;
    }

    double[][] reference() {
        return reference;
    }
}
