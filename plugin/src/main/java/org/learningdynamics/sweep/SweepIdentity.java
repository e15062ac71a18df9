package org.learningdynamics.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.DL4JConfiguration;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.learningdynamics.data.Sha256;

/** Tells spaces apart by what they give: distributions of Arbiter's have no text of their own. */
final class SweepIdentity {
    private static final double[] QUANTILES = {0.01, 0.25, 0.5, 0.75, 0.99};

    private SweepIdentity() {}

    /** Digest of a space whose leaves are numbered, and of everything else that is given. */
    static String of(ParameterSpace<?> space, List<?> others) {
        List<String> parts = new ArrayList<>();
        others.forEach(part -> parts.add(String.valueOf(part)));
        double[] genes = new double[space.numParameters()];
        for (double quantile : QUANTILES) {
            Arrays.fill(genes, quantile);
            for (Map.Entry<String, Object> value : SpaceLeaves.values(space, genes).entrySet()) {
                parts.add(value.getKey() + "=" + value.getValue());
            }
        }
        Arrays.fill(genes, 0.5);
        parts.add(describe(space, genes));
        return Sha256.ofParts(parts);
    }

    /** The candidate in the middle, with all that does not vary. */
    private static String describe(ParameterSpace<?> space, double[] genes) {
        Object value;
        try {
            value = space.getValue(genes);
        } catch (RuntimeException e) {
            return "infeasible";
        }
        if (value instanceof DL4JConfiguration network) {
            return network.getMultiLayerConfiguration().toJson() + network.getNumEpochs();
        }
        return value instanceof GraphConfiguration graph
                ? graph.getConfiguration().toJson() + graph.getNumEpochs()
                : String.valueOf(value);
    }
}
