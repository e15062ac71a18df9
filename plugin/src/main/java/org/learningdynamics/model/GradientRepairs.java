package org.learningdynamics.model;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Right gradients in the place of some that SameDiff 1.0.0-M2.1 gets wrong. Nothing here is done
 * unless called: a process that never calls {@link #installGather()} keeps SameDiff as it is.
 */
public final class GradientRepairs {
    private static final String GRADIENT_FUNCTION = "grad";

    private GradientRepairs() {}

    /**
     * Makes SameDiff differentiate {@code gather} rightly, everywhere in this process and until it
     * ends.
     *
     * <p>SameDiff's own backward pass overwrites where it has to add. From this call on the
     * gradient of gather is the sum over all places that read a value ({@link RepairedGather}). The
     * forward pass, saved files and every other op stay the same.
     *
     * <p>What counts is when a graph's gradient function is made, which is at its first training
     * step or gradient. Graphs whose gradient function is made after this call are right, also
     * those that were defined before it. A graph that has its gradient function already keeps the
     * wrong gradient until the function is made anew, as {@code setLossVariables} brings about;
     * {@link GraphAudit} says which of the two a graph is.
     *
     * <p>Calling it again changes nothing. Cost: nothing but ND4J's own initialisation. It replaces
     * an entry of ND4J's op name mapping and, by reflection, one of its class holder.
     *
     * @throws IllegalStateException if another class than ND4J's stands for gather already, or if
     *     ND4J's class holder is not as in version 1.0.0-M2.1; nothing is changed then
     */
    public static synchronized void installGather() {
        GatherRegistration.register();
    }

    /**
     * Whether {@link #installGather()} was called in this process.
     *
     * @return true if gradient functions made from now on have the repaired gather
     */
    public static synchronized boolean isGatherInstalled() {
        return GatherRegistration.registered() == RepairedGather.class;
    }

    /** Whether the gradient that a graph has, or will get, of one of its ops is a repaired one. */
    static boolean isRepaired(SameDiff graph, SameDiffOp op) {
        if (!op.getOp().opName().equals(GatherRegistration.OP)) {
            return false;
        }
        SameDiff gradient = graph.getFunction(GRADIENT_FUNCTION);
        SameDiffOp copy = gradient == null ? null : gradient.getOps().get(op.getName());
        return copy == null ? isGatherInstalled() : copy.getOp() instanceof RepairedGather;
    }

    /**
     * Cross-entropy of each example, whose gradient takes what comes after it into account.
     *
     * <pre>{@code
     * loss[n] = sum over v of labels[n, v]·(log(sum over u of exp(z[n, u])) − z[n, v])
     * z[n, v] = logits[n, v] − max over u of logits[n, u]
     * }</pre>
     *
     * <p>SameDiff's own cross-entropies ignore the gradient that reaches them, so that weights,
     * masks, means and scales are lost. This one is made of element-wise ops and sums. Value and
     * gradient are finite wherever the logits are and differ by less than the largest number of
     * their type, also where a probability underflows; {@code logSoftmax} is −∞ there, which gives
     * NaN times a label of 0. A NaN or infinite logit makes its example NaN.
     *
     * @param graph the graph of labels and logits
     * @param labels [N, V] probabilities of the classes, such as one-hot rows; a row of zeros gives
     *     loss 0; they get a gradient too if they depend on trained variables
     * @param logits [N, V] unnormalised log-probabilities, V at least 2
     * @return [N] losses in nats. Cost forwards: seven passes over [N, V] and four arrays of that
     *     size
     * @throws IllegalArgumentException if the logits are not floating-point or known not to be of
     *     rank 2; shapes that are open until run time fail there
     */
    public static SDVariable softmaxCrossEntropy(
            SameDiff graph, SDVariable labels, SDVariable logits) {
        requireLogits(logits);
        SDVariable size = graph.slice(graph.shape(logits), new int[] {0}, 2);
        SDVariable matrix = graph.reshape(logits, size);
        return CrossEntropyGraph.losses(graph, graph.reshape(labels, size), matrix);
    }

    /**
     * Cross-entropy of each example times the example's weight.
     *
     * @param graph the graph of labels, logits and weights
     * @param labels [N, V] probabilities of the classes
     * @param logits [N, V] unnormalised log-probabilities
     * @param weights [N] factors of the losses; a factor of 0 masks an example as long as its loss
     *     is finite
     * @return [N] weighted losses, as {@link #softmaxCrossEntropy(SameDiff, SDVariable,
     *     SDVariable)} times the weights
     * @throws IllegalArgumentException if the logits are not floating-point or known not to be of
     *     rank 2
     */
    public static SDVariable softmaxCrossEntropy(
            SameDiff graph, SDVariable labels, SDVariable logits, SDVariable weights) {
        return CrossEntropyGraph.weighted(
                graph, softmaxCrossEntropy(graph, labels, logits), weights);
    }

    /**
     * Cross-entropy of each example, from the number of its class.
     *
     * @param graph the graph of labels and logits
     * @param labels integers, N of them in any shape; an integer outside 0…classes − 1 is no class
     *     and gives loss 0 and no gradient
     * @param logits [N, classes] unnormalised log-probabilities, or of a higher rank that ends in
     *     classes
     * @param classes number of classes, at least 2
     * @return [N] losses in nats, as {@link #softmaxCrossEntropy(SameDiff, SDVariable, SDVariable)}
     *     of the one-hot labels
     * @throws IllegalArgumentException if labels are not integers, logits not floating-point or
     *     known not to end in the classes, or if there are fewer than 2 classes
     */
    public static SDVariable sparseSoftmaxCrossEntropy(
            SameDiff graph, SDVariable labels, SDVariable logits, int classes) {
        requireFloatingPoint(logits);
        requireClasses(labels, logits, classes);
        SDVariable matrix = graph.reshape(logits, -1, classes);
        SDVariable flat = graph.reshape(labels, -1);
        SDVariable oneHot = graph.oneHot(flat, classes, -1, 1, 0, logits.dataType());
        return CrossEntropyGraph.losses(graph, graph.reshape(oneHot, graph.shape(matrix)), matrix);
    }

    /**
     * Cross-entropy of each example, from the number of its class, times the example's weight.
     *
     * @param graph the graph of labels, logits and weights
     * @param labels integers, N of them in any shape
     * @param logits [N, classes] unnormalised log-probabilities, or of a higher rank that ends in
     *     classes
     * @param classes number of classes, at least 2
     * @param weights factors of the losses, N of them in any shape
     * @return [N] weighted losses, as {@link #sparseSoftmaxCrossEntropy(SameDiff, SDVariable,
     *     SDVariable, int)} times the weights
     * @throws IllegalArgumentException if labels are not integers, logits not floating-point or
     *     known not to end in the classes, or if there are fewer than 2 classes
     */
    public static SDVariable sparseSoftmaxCrossEntropy(
            SameDiff graph, SDVariable labels, SDVariable logits, int classes, SDVariable weights) {
        return CrossEntropyGraph.weighted(
                graph, sparseSoftmaxCrossEntropy(graph, labels, logits, classes), weights);
    }

    private static void requireLogits(SDVariable logits) {
        requireFloatingPoint(logits);
        long[] shape = logits.getShape();
        if (shape != null && shape.length != 2) {
            throw new IllegalArgumentException(
                    "logits must be of rank 2 [N, V], got rank " + shape.length);
        }
    }

    private static void requireFloatingPoint(SDVariable logits) {
        if (!logits.dataType().isFPType()) {
            throw new IllegalArgumentException(
                    "logits must be floating-point, got " + logits.dataType());
        }
    }

    private static void requireClasses(SDVariable labels, SDVariable logits, int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes must be >= 2, got " + classes);
        }
        if (!labels.dataType().isIntType()) {
            throw new IllegalArgumentException("labels must be integers, got " + labels.dataType());
        }
        long[] shape = logits.getShape();
        if (shape != null && (shape.length == 0 || differs(shape[shape.length - 1], classes))) {
            throw new IllegalArgumentException(
                    "logits must end in the number of classes "
                            + classes
                            + ", got shape "
                            + Arrays.toString(shape));
        }
    }

    private static boolean differs(long known, int classes) {
        return known >= 0 && known != classes;
    }
}
