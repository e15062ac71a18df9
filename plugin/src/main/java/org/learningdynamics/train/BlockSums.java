package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.AttributionBlock;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.SelfInfluenceRow;

/** What a checkpoint adds to the attributions of a block of examples. */
final class BlockSums {
    private final double rate;
    private final InfluenceForm form;
    private final BlockProducts products;
    private final int examples;

    BlockSums(double rate, InfluenceForm form, BlockProducts products, int examples) {
        this.rate = rate;
        this.form = form;
        this.products = products;
        this.examples = examples;
    }

    AttributionBlock rows(
            ScoredBlock scored, List<TrainingItem> items, List<EncodedProbeRow> probes) {
        List<AttributionRow> rows = new ArrayList<>();
        List<SelfInfluenceRow> self = new ArrayList<>();
        for (int e = 0; e < examples; e++) {
            long id = items.get(e).example();
            self.add(new SelfInfluenceRow(id, self(e), 1));
            for (int o = 0; o < probes.size(); o++) {
                EncodedProbeRow probe = probes.get(o);
                double value = value(o, e);
                rows.add(new AttributionRow(id, probe.probe(), probe.kind(), value, 1));
            }
        }
        return new AttributionBlock(scored, rows, self);
    }

    /** What the checkpoint adds to the attribution of an example to a probe row. */
    double value(int probe, int example) {
        return -rate * product(probe, example) / divisor(probe, square(example));
    }

    /** What it adds to the example's influence on itself. */
    double self(int example) {
        return rate * square(example);
    }

    private double divisor(int probe, double square) {
        return form == InfluenceForm.COSINE
                ? Math.sqrt(products.probeSquares()[probe]) * Math.sqrt(square)
                : 1;
    }

    /** With the gradient of the example's loss, the sum over its rows. */
    private double product(int probe, int example) {
        double sum = 0;
        double[] row = products.withProbes()[probe];
        for (int i = example; i < row.length; i += examples) {
            sum += row[i];
        }
        return sum;
    }

    /** Squared norm of the gradient of the example's loss. */
    double square(int example) {
        double[][] gram = products.gram();
        double sum = 0;
        for (int i = example; i < gram.length; i += examples) {
            for (int j = example; j < gram.length; j += examples) {
                sum += gram[i][j];
            }
        }
        return sum;
    }
}
