package org.learningdynamics.loss;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;

/**
 * Log-probabilities of the responses of a batch in a graph, from the logits: {@code s = Σ_t w_t·log
 * π_t(y_t)} over the unmasked positions t of a row, with weights of 1 unless {@link #withWeights}
 * gives others.
 *
 * <p>For any batch and length at run time, in float32 and float64, finite for logits of any spread
 * (ND4J's own log-softmax is −∞ from 104 nats below the top in float32). Logits must be finite, at
 * masked positions too; give impossible classes a large negative number, not −∞.
 *
 * <p>Value and gradient are defined apart. The value is {@code z_y − max z + log max π}. The
 * gradient is that of the inner product {@code ⟨e_y − π, z⟩} with π held constant, which is exactly
 * {@code ∂s/∂z = e_y − π}; derivatives of second order are not supported. This needs no operation
 * whose gradient is wrong in ND4J 1.0.0-M2.1, and no more time than a log-softmax. Memory beside
 * the logits: four arrays of their size forward (a copy, π, the one-hot labels, their difference)
 * and up to three backward.
 *
 * @param logProbs s (nats) // [rows]
 * @param tokens number of unmasked positions, in the logits' type // [rows]
 * @param tokenLogProbs log π(y), 0 where masked (nats) // [rows, length]
 * @param mask 1 where unmasked, else 0, in the logits' type // [rows, length]
 * @param labels negative = masked // [rows, length]
 * @param logits the logits without gradient // [rows·length, V]
 * @param probabilities π without gradient // [rows·length, V]
 * @param weights w = ∂s/∂log π(y), the mask unless {@link TailWeight} lowers it // [rows, length]
 */
public record ResponseLogProbs(
        SDVariable logProbs,
        SDVariable tokens,
        SDVariable tokenLogProbs,
        SDVariable mask,
        SDVariable labels,
        SDVariable logits,
        SDVariable probabilities,
        SDVariable weights) {
    /**
     * Defines the log-probabilities of labelled logits.
     *
     * @param graph where to define them
     * @param logits the positions of a row next to each other // [rows·length, V]
     * @param labels integers below V, negative = masked // [rows, length]
     * @param vocabularySize V
     * @return the variables
     * @throws IllegalArgumentException if V &lt; 2 or the logits are not floating-point
     */
    public static ResponseLogProbs define(
            SameDiff graph, SDVariable logits, SDVariable labels, int vocabularySize) {
        requireArguments(logits, vocabularySize);
        SDVariable mask = labels.gte(0).castTo(logits.dataType());
        return define(graph, logits, labels, mask, vocabularySize);
    }

    /**
     * Defines the log-probabilities of labelled logits under a mask of its own.
     *
     * @param graph where to define them
     * @param logits the positions of a row next to each other // [rows·length, V]
     * @param labels integers below V, any value where masked // [rows, length]
     * @param mask 1 where the loss looks, else 0, any numeric type // [rows, length]
     * @param vocabularySize V
     * @return the variables; their labels are −1 where masked
     * @throws IllegalArgumentException if V &lt; 2 or the logits are not floating-point
     */
    public static ResponseLogProbs defineMasked(
            SameDiff graph,
            SDVariable logits,
            SDVariable labels,
            SDVariable mask,
            int vocabularySize) {
        requireArguments(logits, vocabularySize);
        SDVariable keep = mask.gt(0).castTo(labels.dataType());
        SDVariable masked = labels.add(1).mul(keep).sub(1);
        return define(graph, logits, masked, vocabularySize);
    }

    /**
     * These log-probabilities with other weights of the tokens in s.
     *
     * @param graph their graph
     * @param w at least 0, without gradient, 0 where masked // [rows, length]
     * @return new log-probabilities, numbers of tokens unchanged
     */
    public ResponseLogProbs withWeights(SameDiff graph, SDVariable w) {
        return new ResponseLogProbs(
                sumOfRows(graph, tokenLogProbs.mul(w)),
                tokens,
                tokenLogProbs,
                mask,
                labels,
                logits,
                probabilities,
                w);
    }

    /**
     * One half of the rows.
     *
     * @param graph their graph
     * @param index 0 for the first half, 1 for the second
     * @return the log-probabilities of these rows
     */
    public ResponseLogProbs half(SameDiff graph, int index) {
        return new ResponseLogProbs(
                graph.split(logProbs, 2, 0)[index],
                graph.split(tokens, 2, 0)[index],
                graph.split(tokenLogProbs, 2, 0)[index],
                graph.split(mask, 2, 0)[index],
                graph.split(labels, 2, 0)[index],
                graph.split(logits, 2, 0)[index],
                graph.split(probabilities, 2, 0)[index],
                graph.split(weights, 2, 0)[index]);
    }

    private static ResponseLogProbs define(
            SameDiff graph, SDVariable logits, SDVariable labels, SDVariable mask, int classes) {
        SDVariable constant = stopGradient(graph, logits);
        SDVariable probabilities = softmax(graph, constant);
        SDVariable oneHot = graph.oneHot(labels.reshape(-1), classes, -1, 1, 0, logits.dataType());
        SDVariable value =
                innerProducts(graph, oneHot, constant, classes)
                        .sub(constant.max(1))
                        .add(graph.math().log(probabilities.max(1)));
        SDVariable slope = innerProducts(graph, oneHot.sub(probabilities), logits, classes);
        SDVariable zero = slope.sub(stopGradient(graph, slope));
        SDVariable tokenLogProbs = value.add(zero).reshape(graph.shape(labels)).mul(mask);
        return new ResponseLogProbs(
                sumOfRows(graph, tokenLogProbs),
                sumOfRows(graph, mask),
                tokenLogProbs,
                mask,
                labels,
                constant,
                probabilities,
                mask);
    }

    /**
     * Probabilities of positions. ND4J's softmax in float64 subtracts no maximum below 0: a row
     * whose logits are all below −745 would be NaN.
     */
    private static SDVariable softmax(SameDiff graph, SDVariable logits) {
        boolean shift = logits.dataType() == DataType.DOUBLE;
        return graph.nn().softmax(shift ? logits.sub(logits.max(true, 1)) : logits, 1);
    }

    /** The same value; no gradient flows through it. */
    static SDVariable stopGradient(SameDiff graph, SDVariable x) {
        return new StopGradient(graph, x).outputVariable();
    }

    /** Row by row, from [n, V] and [n, V] to [n], without an array of their product. */
    static SDVariable innerProducts(SameDiff graph, SDVariable x, SDVariable y, int classes) {
        return graph.mmul(x.reshape(-1, 1, classes), y.reshape(-1, classes, 1)).reshape(-1);
    }

    /**
     * Sums [rows, length] to [rows], with a half of zeros beside it: ND4J's session throws where a
     * reduction has nothing to reduce, as with responses of length 1.
     */
    static SDVariable sumOfRows(SameDiff graph, SDVariable x) {
        return graph.concat(1, x, graph.zerosLike(x)).sum(1);
    }

    private static void requireArguments(SDVariable logits, int vocabularySize) {
        if (vocabularySize < 2) {
            throw new IllegalArgumentException(
                    "vocabularySize must be >= 2, got " + vocabularySize);
        }
        DataType type = logits.dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("logits must be FLOAT or DOUBLE, got " + type);
        }
    }
}
