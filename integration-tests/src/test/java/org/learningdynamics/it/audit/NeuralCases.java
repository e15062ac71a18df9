package org.learningdynamics.it.audit;

import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.ops.SDNN;
import org.nd4j.enums.PadMode;

/** {@code sd.nn()}. */
final class NeuralCases extends CaseTable {
    @Override
    void fill() {
        activations();
        softmax();
        layers();
        norms();
        attention();
        extremes();
    }

    private void on(String name, BiFunction<SDNN, SDVariable, SDVariable> op) {
        String call = "sd.nn()." + name;
        add(call, "[3, 4]", (sd, v) -> op.apply(sd.nn(), v[0]), real(3, 4));
        add(call, "[1, 1]", (sd, v) -> op.apply(sd.nn(), v[0]), real(1, 1));
        add(call, "[2, 3, 2]", (sd, v) -> op.apply(sd.nn(), v[0]), real(2, 3, 2));
        add(call, "[3, 4], |x| up to 9", (sd, v) -> op.apply(sd.nn(), v[0]), between(-9, 9, 3, 4));
    }

    private void activations() {
        on("cReLU(x)", SDNN::cReLU);
        on("elu(x)", SDNN::elu);
        on("gelu(x)", SDNN::gelu);
        on("preciseGelu(x)", SDNN::preciseGelu);
        on("hardSigmoid(x)", SDNN::hardSigmoid);
        on("hardTanh(x)", SDNN::hardTanh);
        on("hardTanhDerivative(x)", SDNN::hardTanhDerivative);
        on("leakyRelu(x, 0.1)", (n, x) -> n.leakyRelu(x, 0.1));
        on("leakyReluDerivative(x, 0.1)", (n, x) -> n.leakyReluDerivative(x, 0.1));
        on("logSigmoid(x)", SDNN::logSigmoid);
        on("relu(x, 0)", (n, x) -> n.relu(x, 0));
        on("relu(x, 0.52)", (n, x) -> n.relu(x, 0.52));
        on("relu6(x, 0)", (n, x) -> n.relu6(x, 0));
        on("selu(x)", SDNN::selu);
        on("sigmoid(x)", SDNN::sigmoid);
        on("softplus(x)", SDNN::softplus);
        on("softsign(x)", SDNN::softsign);
        on("softsignDerivative(x)", SDNN::softsignDerivative);
        on("swish(x)", SDNN::swish);
        on("tanh(x)", SDNN::tanh);
        add(
                "sd.nn().sigmoidDerivative(x, g)",
                "[3, 4]",
                (sd, v) -> sd.nn().sigmoidDerivative(v[0], v[1]),
                real(3, 4),
                real(3, 4));
        add(
                "sd.nn().prelu(x, alpha, 1)",
                "[3, 4]",
                (sd, v) -> sd.nn().prelu(v[0], v[1], 1),
                real(3, 4),
                real(1));
    }

    private void softmax() {
        add("sd.nn().softmax(x)", "[3, 4]", (sd, v) -> sd.nn().softmax(v[0]), real(3, 4));
        add("sd.nn().softmax(x)", "[4]", (sd, v) -> sd.nn().softmax(v[0]), real(4));
        add("sd.nn().logSoftmax(x)", "[3, 4]", (sd, v) -> sd.nn().logSoftmax(v[0]), real(3, 4));
        add("sd.nn().logSoftmax(x)", "[1, 4]", (sd, v) -> sd.nn().logSoftmax(v[0]), real(1, 4));
        add("sd.nn().logSoftmax(x)", "[4]", (sd, v) -> sd.nn().logSoftmax(v[0]), real(4));
        add(
                "sd.nn().logSoftmax(x)",
                "[2, 3, 4]",
                (sd, v) -> sd.nn().logSoftmax(v[0]),
                real(2, 3, 4));
        for (int dim = -1; dim <= 2; dim++) {
            int d = dim;
            add(
                    "sd.nn().softmax(x, dim)",
                    "[2, 3, 4] over " + d,
                    (sd, v) -> sd.nn().softmax(v[0], d),
                    real(2, 3, 4));
            add(
                    one(
                                    "sd.nn().logSoftmax(x, dim)",
                                    "[2, 3, 4] over " + d,
                                    (sd, v) -> sd.nn().logSoftmax(v[0], d),
                                    real(2, 3, 4))
                            .under("DIMENSION_GIVEN"));
        }
        add(
                one(
                                "sd.nn().logSoftmax(x, dim)",
                                "[3, 4] over 1",
                                (sd, v) -> sd.nn().logSoftmax(v[0], 1),
                                real(3, 4))
                        .under("DIMENSION_GIVEN"));
        add(
                "sd.nn().softmaxDerivative(x, g, 1)",
                "[3, 4]",
                (sd, v) -> sd.nn().softmaxDerivative(v[0], v[1], 1),
                real(3, 4),
                real(3, 4));
    }

    private void layers() {
        add(
                "sd.nn().linear(x, w, b)",
                "[3, 4] by [4, 2], bias [2]",
                (sd, v) -> sd.nn().linear(v[0], v[1], v[2]),
                real(3, 4),
                real(4, 2),
                real(2));
        add(
                one(
                                "sd.nn().linear(x, w, b)",
                                "[1, 4] by [4, 2], bias [2]",
                                (sd, v) -> sd.nn().linear(v[0], v[1], v[2]),
                                real(1, 4),
                                real(4, 2),
                                real(2))
                        .under("UNIT_DIMENSION"));
        add(
                "sd.nn().reluLayer(x, w, b)",
                "[3, 4] by [4, 2]",
                (sd, v) -> sd.nn().reluLayer(v[0], v[1], v[2]),
                real(3, 4),
                real(4, 2),
                real(2));
        add(
                "sd.nn().biasAdd(x, b, false)",
                "[3, 4] and [4]",
                (sd, v) -> sd.nn().biasAdd(v[0], v[1], false),
                real(3, 4),
                real(4));
        add(
                "sd.nn().biasAdd(x, b, true)",
                "[2, 3, 2, 2] and [3]",
                (sd, v) -> sd.nn().biasAdd(v[0], v[1], true),
                real(2, 3, 2, 2),
                real(3));
        add(
                "sd.nn().biasAdd(x, b, false)",
                "[2, 2, 2, 3] and [3]",
                (sd, v) -> sd.nn().biasAdd(v[0], v[1], false),
                real(2, 2, 2, 3),
                real(3));
        add("sd.nn().dropout(x, 1.0)", "[3, 4]", (sd, v) -> sd.nn().dropout(v[0], 1.0), real(3, 4));
        add(
                "sd.nn().dropoutInverted(x, 1.0)",
                "[3, 4]",
                (sd, v) -> sd.nn().dropoutInverted(v[0], 1.0),
                real(3, 4));
        for (PadMode mode : PadMode.values()) {
            add(
                    one(
                                    "sd.nn().pad(x, padding, mode, 0)",
                                    "[3, 4], " + mode,
                                    (sd, v) -> sd.nn().pad(v[0], v[1], mode, 0),
                                    real(3, 4),
                                    ints(new int[][] {{1, 1}, {2, 0}}))
                            .under(mode == PadMode.CONSTANT ? "ALWAYS" : "PAD_NOT_CONSTANT"));
        }
    }

    private void norms() {
        add(
                "sd.nn().layerNorm(x, gain, bias, false, 1)",
                "[3, 4]",
                (sd, v) -> sd.nn().layerNorm(v[0], v[1], v[2], false, 1),
                real(3, 4),
                real(4),
                real(4));
        add(
                "sd.nn().layerNorm(x, gain, false, 1)",
                "[3, 4]",
                (sd, v) -> sd.nn().layerNorm(v[0], v[1], false, 1),
                real(3, 4),
                real(4));
        add(
                "sd.nn().layerNorm(x, gain, bias, false, 1)",
                "[1, 4]",
                (sd, v) -> sd.nn().layerNorm(v[0], v[1], v[2], false, 1),
                real(1, 4),
                real(4),
                real(4));
        add(
                "sd.nn().layerNorm(x, gain, bias, false, 2)",
                "[2, 3, 4]",
                (sd, v) -> sd.nn().layerNorm(v[0], v[1], v[2], false, 2),
                real(2, 3, 4),
                real(4),
                real(4));
        add(
                "sd.nn().layerNorm(x, gain, bias, true, 1, 2)",
                "[2, 3, 4]",
                (sd, v) -> sd.nn().layerNorm(v[0], v[1], v[2], true, 1, 2),
                real(2, 3, 4),
                real(3),
                real(3));
        add(
                "sd.nn().batchNorm(x, mean, variance, gamma, beta, 1e-3, 1)",
                "[3, 4]",
                (sd, v) -> sd.nn().batchNorm(v[0], v[1], v[2], v[3], v[4], 1e-3, 1),
                real(3, 4),
                real(4),
                between(0.3, 2, 4),
                real(4),
                real(4));
        add(
                "sd.nn().batchNorm(x, mean, variance, gamma, beta, 1e-3, 1)",
                "[3, 4], mean and variance constant",
                (sd, v) -> sd.nn().batchNorm(v[0], v[1], v[2], v[3], v[4], 1e-3, 1),
                real(3, 4),
                fixed(real(4)),
                fixed(between(0.3, 2, 4)),
                real(4),
                real(4));
        add(
                "sd.nn().batchNorm(x, mean, variance, gamma, beta, 1e-3, 1)",
                "[2, 3, 2, 2], mean and variance constant",
                (sd, v) -> sd.nn().batchNorm(v[0], v[1], v[2], v[3], v[4], 1e-3, 1),
                real(2, 3, 2, 2),
                fixed(real(3)),
                fixed(between(0.3, 2, 3)),
                real(3),
                real(3));
    }

    private void attention() {
        for (int b = 1; b <= 2; b++) {
            int batch = b;
            add(
                    "sd.nn().dotProductAttention(q, k, v, null, true)",
                    "batch " + batch,
                    (sd, v) -> sd.nn().dotProductAttention(v[0], v[1], v[2], null, true),
                    real(batch, 4, 2),
                    real(batch, 4, 3),
                    real(batch, 4, 3));
            add(
                    "sd.nn().dotProductAttention(q, k, v, mask, true)",
                    "batch " + batch,
                    (sd, v) -> sd.nn().dotProductAttention(v[0], v[1], v[2], v[3], true),
                    real(batch, 4, 2),
                    real(batch, 4, 3),
                    real(batch, 4, 3),
                    constant(
                            org.nd4j.linalg.factory.Nd4j.createFromArray(
                                    batch == 1
                                            ? new double[][] {{1, 1, 0}}
                                            : new double[][] {{1, 1, 0}, {1, 1, 1}})));
            add(
                    "sd.nn().multiHeadDotProductAttention(q, k, v, …, null, true)",
                    "batch " + batch,
                    (sd, v) ->
                            sd.nn()
                                    .multiHeadDotProductAttention(
                                            v[0], v[1], v[2], v[3], v[4], v[5], v[6], null, true),
                    real(batch, 4, 2),
                    real(batch, 4, 3),
                    real(batch, 4, 3),
                    real(2, 3, 4),
                    real(2, 3, 4),
                    real(2, 3, 4),
                    real(6, 5));
        }
    }

    private void extremes() {
        extreme("logSigmoid(x)", SDNN::logSigmoid);
        extreme("softplus(x)", SDNN::softplus);
        extreme("sigmoid(x)", SDNN::sigmoid);
        extreme("swish(x)", SDNN::swish);
        extreme("tanh(x)", SDNN::tanh);
        extreme("gelu(x)", SDNN::gelu);
        extreme("preciseGelu(x)", SDNN::preciseGelu);
        extreme("softsign(x)", SDNN::softsign);
        extreme("elu(x)", SDNN::elu);
        extreme("selu(x)", SDNN::selu);
        extreme("softmax(x)", SDNN::softmax);
        extreme("logSoftmax(x)", SDNN::logSoftmax);
        add(
                one(
                                "sd.math().rationalTanh(x)",
                                "±800",
                                (sd, v) -> sd.math().rationalTanh(v[0]),
                                values(-800, 800))
                        .under("EXTREME_VALUES")
                        .extreme());
        add(
                one(
                                "sd.math().rectifiedTanh(x)",
                                "±800",
                                (sd, v) -> sd.math().rectifiedTanh(v[0]),
                                values(-800, 800))
                        .under("EXTREME_VALUES")
                        .extreme());
        add(
                one("sd.norm2(x)", "all zero", (sd, v) -> sd.norm2(v[0]), values(0, 0))
                        .under("EXTREME_VALUES")
                        .extreme());
    }

    private void extreme(String name, BiFunction<SDNN, SDVariable, SDVariable> op) {
        add(
                one(
                                "sd.nn()." + name,
                                "±800",
                                (sd, v) -> op.apply(sd.nn(), v[0]),
                                values(-800, 0.5, 800))
                        .under("EXTREME_VALUES")
                        .extreme());
    }
}
