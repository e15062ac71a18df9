package org.learningdynamics.train;

import java.util.Map;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Moves a reference model towards the policy now and then: {@code ref ← α·policy + (1 − α)·ref}
 * after every n-th update. Source: Gorbatovski et al., Learn Your Reference Model for Real Good
 * Alignment, 2024; defaults as in TRL.
 *
 * @param alpha α in (0, 1]; 1 makes the reference a copy
 * @param everyUpdates n, at least 1
 */
public record ReferenceSync(double alpha, int everyUpdates) {
    /** Default α. */
    public static final double DEFAULT_ALPHA = 0.6;

    /** Default number of updates from one synchronisation to the next. */
    public static final int DEFAULT_EVERY_UPDATES = 512;

    /**
     * Checks.
     *
     * @param alpha in (0, 1]
     * @param everyUpdates at least 1
     */
    public ReferenceSync {
        if (!(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha must be in (0, 1], got " + alpha);
        }
        if (everyUpdates < 1) {
            throw new IllegalArgumentException("everyUpdates must be > 0, got " + everyUpdates);
        }
    }

    /** The defaults. */
    public ReferenceSync() {
        this(DEFAULT_ALPHA, DEFAULT_EVERY_UPDATES);
    }

    /**
     * Tells whether an update is to be followed by a synchronisation.
     *
     * @param updatesDone updates done, from 1
     * @return true for every n-th
     */
    public boolean isDue(int updatesDone) {
        return updatesDone > 0 && updatesDone % everyUpdates == 0;
    }

    /**
     * Mixes the policy's parameters into the reference's, in place. Graphs over the reference see
     * the change. To be called while neither model is in use.
     *
     * @param policy only read
     * @param reference another model of the same configuration but for the seed
     * @throws IllegalArgumentException if the models' parameters differ in name or shape, or are
     *     the same arrays
     */
    public void mix(DecoderModel policy, DecoderModel reference) {
        requireCompatible(policy.parameters(), reference.parameters());
        policy.parameters()
                .forEach(
                        (name, array) -> {
                            try (INDArray part = array.mul(alpha)) {
                                INDArray mixed = parameter(reference.parameters(), name);
                                mixed.muli(1 - alpha).addi(part);
                            }
                        });
    }

    static void requireCompatible(Map<String, INDArray> policy, Map<String, INDArray> reference) {
        if (!policy.keySet().equals(reference.keySet())) {
            throw new IllegalArgumentException(
                    "reference must have the parameters "
                            + policy.keySet()
                            + ", got "
                            + reference.keySet());
        }
        policy.forEach((name, array) -> requireCompatible(name, array, parameter(reference, name)));
    }

    private static void requireCompatible(String name, INDArray policy, INDArray reference) {
        if (policy == reference) {
            throw new IllegalArgumentException(
                    "reference must not share the policy's parameters, got " + name);
        }
        if (!policy.equalShapes(reference) || policy.dataType() != reference.dataType()) {
            throw new IllegalArgumentException(
                    "reference parameter "
                            + name
                            + " must be "
                            + policy.shapeInfoToString()
                            + ", got "
                            + reference.shapeInfoToString());
        }
    }

    private static INDArray parameter(Map<String, INDArray> parameters, String name) {
        INDArray array = parameters.get(name);
        if (array == null) {
            throw new IllegalArgumentException("reference must have a parameter " + name);
        }
        return array;
    }
}
