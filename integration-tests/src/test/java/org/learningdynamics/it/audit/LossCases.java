package org.learningdynamics.it.audit;

import java.util.Arrays;
import org.learningdynamics.it.audit.GradientCase.Input;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.ops.SDLoss;
import org.nd4j.linalg.factory.Nd4j;

/** {@code sd.loss()}. */
final class LossCases extends CaseTable {
    /** A loss with every option. */
    private interface WeightedLoss {
        SDVariable apply(
                SDLoss loss,
                SDVariable labels,
                SDVariable predictions,
                SDVariable weights,
                LossReduce reduce);
    }

    @Override
    void fill() {
        Input real = fixed(real(3, 4));
        Input binary =
                constant(
                        Nd4j.createFromArray(
                                new double[][] {{1, 0, 1, 1}, {0, 1, 0, 0}, {1, 1, 0, 1}}));
        Input oneHot =
                constant(
                        Nd4j.createFromArray(
                                new double[][] {{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}}));
        Input positive = fixed(between(0.2, 0.8, 3, 4));
        loss("absoluteDifference", -2, real, SDLoss::absoluteDifference);
        loss("hingeLoss", -2, binary, SDLoss::hingeLoss);
        loss("huberLoss", -2, real, (l, y, p, w, r) -> l.huberLoss(y, p, w, r, 0.71));
        loss("logLoss", 0.1, binary, (l, y, p, w, r) -> l.logLoss(y, p, w, r, 1e-7));
        loss("logPoisson", -2, positive, (l, y, p, w, r) -> l.logPoisson(y, p, w, r, false));
        loss("logPoisson full", -2, positive, (l, y, p, w, r) -> l.logPoisson(y, p, w, r, true));
        loss("meanSquaredError", -2, real, SDLoss::meanSquaredError);
        loss("meanPairwiseSquaredError", -2, real, SDLoss::meanPairwiseSquaredError);
        loss(
                "sigmoidCrossEntropy",
                -2,
                binary,
                (l, y, p, w, r) -> l.sigmoidCrossEntropy(y, p, w, r, 0));
        loss(
                "sigmoidCrossEntropy smoothed",
                -2,
                binary,
                (l, y, p, w, r) -> l.sigmoidCrossEntropy(y, p, w, r, 0.1));
        rows(
                "softmaxCrossEntropy",
                oneHot,
                (l, y, p, w, r) -> l.softmaxCrossEntropy(y, p, w, r, 0));
        rows(
                "softmaxCrossEntropy smoothed",
                oneHot,
                (l, y, p, w, r) -> l.softmaxCrossEntropy(y, p, w, r, 0.1));
        rows("cosineDistance", real, (l, y, p, w, r) -> l.cosineDistance(y, p, w, r, 1));
        others(oneHot);
    }

    private void loss(String name, double low, Input labels, WeightedLoss op) {
        for (LossReduce reduce : LossReduce.values()) {
            kase(name, "no weights", labels, low, reduce, op);
            kase(name, "weights [3, 4]", labels, low, reduce, op, fixed(between(0.2, 2, 3, 4)));
            kase(name, "weights [3, 1]", labels, low, reduce, op, fixed(between(0.2, 2, 3, 1)));
            kase(
                    name,
                    "some weights 0",
                    labels,
                    low,
                    reduce,
                    op,
                    constant(Nd4j.createFromArray(new double[][] {{1.5}, {0}, {0.5}})));
            kase(name, "one weight", labels, low, reduce, op, fixed(scalar(0.7)));
        }
    }

    private void rows(String name, Input labels, WeightedLoss op) {
        for (LossReduce reduce : LossReduce.values()) {
            kase(name, "no weights", labels, -2, reduce, op);
            Input weights = name.startsWith("cosine") ? between(0.2, 2, 3, 1) : between(0.2, 2, 3);
            kase(name, "weights by row", labels, -2, reduce, op, fixed(weights));
            kase(name, "one weight", labels, -2, reduce, op, fixed(scalar(0.7)));
        }
    }

    private void kase(
            String name,
            String words,
            Input labels,
            double low,
            LossReduce reduce,
            WeightedLoss op,
            Input... weights) {
        Input[] inputs =
                Arrays.copyOf(
                        new Input[] {between(low, low < 0 ? 2 : 0.9, 3, 4), labels},
                        2 + weights.length);
        System.arraycopy(weights, 0, inputs, 2, weights.length);
        both(
                one(
                        "sd.loss()." + name,
                        words + ", " + reduce,
                        (sd, v) ->
                                op.apply(sd.loss(), v[1], v[0], v.length > 2 ? v[2] : null, reduce),
                        inputs));
    }

    private void both(GradientCase loss) {
        boolean pairwise = loss.call().contains("Pairwise");
        boolean weights = loss.configuration().startsWith("weights [3, 4]");
        add(loss.plainSum().under(pairwise && weights ? "WEIGHT_PER_ELEMENT" : "ALWAYS"));
        add(
                new GradientCase(
                        loss.call(),
                        loss.configuration() + ", scaled",
                        "SCALED_LATER",
                        loss.subject(),
                        loss.expectation(),
                        loss.build(),
                        loss.inputs()));
    }

    private void others(Input oneHot) {
        both(one("sd.loss().l2Loss(x)", "[3, 4]", (sd, v) -> sd.loss().l2Loss(v[0]), real(3, 4)));
        both(
                one(
                        "sd.loss().sparseSoftmaxCrossEntropy(logits, labels)",
                        "by row",
                        (sd, v) -> sd.loss().sparseSoftmaxCrossEntropy(v[0], v[1]),
                        real(3, 4),
                        ints(1, 0, 3)));
        add(
                one(
                                "sd.loss().sparseSoftmaxCrossEntropy(logits, labels)",
                                "mean afterwards",
                                (sd, v) -> sd.loss().sparseSoftmaxCrossEntropy(v[0], v[1]).mean(),
                                real(3, 4),
                                ints(1, 0, 3))
                        .of("sparse_softmax_cross_entropy_loss_with_logits")
                        .under("SCALED_LATER"));
        both(
                one(
                        "new SoftmaxCrossEntropyWithLogitsLoss(sd, logits, labels, 1)",
                        "by row",
                        (sd, v) -> withLogits(v),
                        real(3, 4),
                        oneHot));
        add(
                "sd.loss().ctcLoss(…)",
                "batch 2",
                (sd, v) -> sd.loss().ctcLoss(v[1], v[0], v[2], v[3]),
                real(2, 5, 4),
                ints(new int[][] {{1, 2}, {2, 1}}),
                ints(2, 2),
                ints(5, 5));
    }

    private static SDVariable withLogits(SDVariable[] v) {
        return new org.nd4j.linalg.api.ops.impl.loss.SoftmaxCrossEntropyWithLogitsLoss(
                        v[0].getSameDiff(), v[0], v[1], 1)
                .outputVariable();
    }
}
