package org.learningdynamics.train;

import java.util.List;
import org.learningdynamics.influence.InfluenceForm;

/**
 * What projected gradients say of one example, added up checkpoint after checkpoint in the order
 * and with the rounding of {@link CheckpointInfluence}.
 */
public final class ProjectedAttribution {
    private final InfluenceForm form;
    private final double[] totals;
    private long checkpoints;

    /**
     * Sums of nothing yet.
     *
     * @param form dot or cosine
     * @param probes number of probe rows
     */
    public ProjectedAttribution(InfluenceForm form, int probes) {
        this.form = form;
        this.totals = new double[probes];
    }

    /**
     * Adds a checkpoint's.
     *
     * @param rate its learning rate
     * @param probes projected gradients of the probe rows // [probe rows][k]
     * @param squares their squared norms // [probe rows]
     * @param parts projected gradients of the example's parts // [parts][k]
     */
    public void add(double rate, double[][] probes, double[] squares, double[][] parts) {
        BlockProducts products =
                new BlockProducts(
                        ProjectedProducts.products(probes, parts),
                        squares,
                        ProjectedProducts.products(parts, parts),
                        List.of());
        BlockSums sums = new BlockSums(rate, form, products, 1);
        for (int o = 0; o < totals.length; o++) {
            double value = sums.value(o, 0);
            totals[o] = checkpoints == 0 ? value : totals[o] + value;
        }
        checkpoints++;
    }

    /**
     * The sums so far.
     *
     * @return a copy (nats for DOT) // [probe rows]
     */
    public double[] totals() {
        return totals.clone();
    }

    /**
     * How many checkpoints were added.
     *
     * @return at least 0
     */
    public long checkpoints() {
        return checkpoints;
    }

    /**
     * Squared norm of a projected gradient.
     *
     * @param vector the projection // [k]
     * @return its product with itself
     */
    public static double square(double[] vector) {
        return ProjectedProducts.dot(vector, vector);
    }
}
