package org.learningdynamics.it.audit;

import java.util.function.BiFunction;
import org.learningdynamics.it.audit.GradientCase.Input;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.ops.SDMath;

/** Element-wise ops of {@code sd.math()}, with one operand and with two. */
final class MathCases extends CaseTable {
    @Override
    void fill() {
        unary();
        scalars();
        binary();
        clipping();
        others();
    }

    private void on(
            String name, double low, double high, BiFunction<SDMath, SDVariable, SDVariable> op) {
        String call = "sd.math()." + name + "(x)";
        add(call, "[3, 4]", (sd, v) -> op.apply(sd.math(), v[0]), between(low, high, 3, 4));
        add(call, "[1, 1]", (sd, v) -> op.apply(sd.math(), v[0]), between(low, high, 1, 1));
        add(call, "[2, 3, 2]", (sd, v) -> op.apply(sd.math(), v[0]), between(low, high, 2, 3, 2));
    }

    private void unary() {
        on("abs", -2, 2, SDMath::abs);
        on("acos", -0.9, 0.9, SDMath::acos);
        on("acosh", 1.2, 3, SDMath::acosh);
        on("asin", -0.9, 0.9, SDMath::asin);
        on("asinh", -2, 2, SDMath::asinh);
        on("atan", -2, 2, SDMath::atan);
        on("atanh", -0.9, 0.9, SDMath::atanh);
        on("ceil", -2, 2, SDMath::ceil);
        on("cos", -2, 2, SDMath::cos);
        on("cosh", -2, 2, SDMath::cosh);
        on("cube", -2, 2, SDMath::cube);
        on("erf", -2, 2, SDMath::erf);
        on("erfc", -2, 2, SDMath::erfc);
        on("exp", -2, 2, SDMath::exp);
        on("expm1", -2, 2, SDMath::expm1);
        on("floor", -2, 2, SDMath::floor);
        on("log", 0.2, 3, SDMath::log);
        on("log1p", -0.8, 3, SDMath::log1p);
        on("neg", -2, 2, SDMath::neg);
        on("rationalTanh", -2, 2, SDMath::rationalTanh);
        on("reciprocal", 0.3, 2, SDMath::reciprocal);
        on("rectifiedTanh", -2, 2, SDMath::rectifiedTanh);
        on("round", -2, 2, (m, x) -> m.round(x.add(0.2)));
        on("rsqrt", 0.2, 3, SDMath::rsqrt);
        on("sign", -2, 2, SDMath::sign);
        on("sin", -2, 2, SDMath::sin);
        on("sinh", -2, 2, SDMath::sinh);
        on("sqrt", 0.2, 3, SDMath::sqrt);
        on("square", -2, 2, SDMath::square);
        on("tan", -0.9, 0.9, SDMath::tan);
        on("tanh", -2, 2, SDMath::tanh);
        on("isMax", -2, 2, SDMath::isMax);
    }

    private void scalar(
            String name, double low, double high, BiFunction<SDMath, SDVariable, SDVariable> op) {
        String call = "sd.math()." + name;
        add(call, "[3, 4]", (sd, v) -> op.apply(sd.math(), v[0]), between(low, high, 3, 4));
    }

    private void scalars() {
        scalar("add(x, 1.7)", -2, 2, (m, x) -> m.add(x, 1.7));
        scalar("sub(x, 1.7)", -2, 2, (m, x) -> m.sub(x, 1.7));
        scalar("mul(x, 1.7)", -2, 2, (m, x) -> m.mul(x, 1.7));
        scalar("div(x, 1.7)", -2, 2, (m, x) -> m.div(x, 1.7));
        scalar("rsub(x, 1.7)", -2, 2, (m, x) -> m.rsub(x, 1.7));
        scalar("rdiv(x, 1.7)", 0.3, 2, (m, x) -> m.rdiv(x, 1.7));
        scalar("pow(x, 2.5)", 0.2, 2, (m, x) -> m.pow(x, 2.5));
        scalar("pow(x, 2)", -2, 2, (m, x) -> m.pow(x, 2));
        scalar("pow(x, -1)", -2, 2, (m, x) -> m.pow(x, -1));
        scalar("log(x, 2)", 0.2, 3, (m, x) -> m.log(x, 2));
        scalar("step(x, 0.5)", -2, 2, (m, x) -> m.step(x, 0.3));
        scalar("floorMod(x, 1.7)", 0.1, 1.6, (m, x) -> m.floorMod(x, 1.7));
        add("sd.scalarMax(x, 0.02)", "[3, 4]", (sd, v) -> sd.scalarMax(v[0], 0.02), real(3, 4));
        add("sd.scalarMin(x, 0.02)", "[3, 4]", (sd, v) -> sd.scalarMin(v[0], 0.02), real(3, 4));
        add("sd.scalarSet(x, 0.5)", "[3, 4]", (sd, v) -> sd.scalarSet(v[0], 0.5), real(3, 4));
        add(
                "sd.scalarFloorMod(x, 1.7)",
                "[3, 4]",
                (sd, v) -> sd.scalarFloorMod(v[0], 1.7),
                between(0.1, 1.6, 3, 4));
    }

    /** Two operands. */
    private interface Binary {
        SDVariable apply(SDMath math, SDVariable x, SDVariable y);
    }

    private void pair(String name, double low, double high, Binary op) {
        String call = "sd.math()." + name + "(x, y)";
        long[][][] shapes = {
            {{3, 4}, {3, 4}},
            {{3, 4}, {4}},
            {{3, 4}, {3, 1}},
            {{1, 4}, {3, 4}},
            {{3, 4}, {}},
            {{2, 3, 4}, {3, 1}},
            {{1, 1}, {1, 1}}
        };
        for (long[][] s : shapes) {
            String condition =
                    java.util.Arrays.equals(s[0], s[1])
                            ? GradientCase.ALWAYS
                            : s[1].length == 0 ? "SCALAR_OPERAND" : "BROADCAST";
            add(
                    one(
                                    call,
                                    Words.shape(s[0]) + " with " + Words.shape(s[1]),
                                    (sd, v) -> op.apply(sd.math(), v[0], v[1]),
                                    between(low, high, s[0]),
                                    between(low, high, s[1]))
                            .under(condition));
        }
        operandsFixed(call, low, high, op);
    }

    /** One operand gets no gradient: is the other's right? */
    private void operandsFixed(String call, double low, double high, Binary op) {
        long[][][] shapes = {{{3, 4}, {4}}, {{3, 4}, {}}, {{4}, {3, 4}}};
        for (long[][] s : shapes) {
            add(
                    one(
                                    call,
                                    Words.shape(s[0]) + " with constant " + Words.shape(s[1]),
                                    (sd, v) -> op.apply(sd.math(), v[0], v[1]),
                                    between(low, high, s[0]),
                                    fixed(between(low, high, s[1])))
                            .under(s[0].length == 1 ? "BROADCAST" : GradientCase.ALWAYS));
        }
    }

    private void binary() {
        pair("add", -2, 2, SDMath::add);
        pair("sub", -2, 2, SDMath::sub);
        pair("mul", -2, 2, SDMath::mul);
        pair("div", 0.3, 2, SDMath::div);
        pair("rsub", -2, 2, SDMath::rsub);
        pair("rdiv", 0.3, 2, SDMath::rdiv);
        pair("pow", 0.3, 2, SDMath::pow);
        pair("squaredDifference", -2, 2, SDMath::squaredDifference);
        pair("max", -2, 2, SDMath::max);
        pair("min", -2, 2, SDMath::min);
        pair("atan2", 0.2, 2, SDMath::atan2);
        pair("mod", 0.3, 2, (m, x, y) -> m.mod(x.add(2), y));
        pair("floorMod", 0.3, 2, (m, x, y) -> m.floorMod(x.add(2), y));
        pair("floorDiv", 0.3, 2, (m, x, y) -> m.floorDiv(x.add(2), y));
        pair("truncateMod by SDVariable.mod", 0.3, 2, (m, x, y) -> x.add(2).mod(null, y));
        pair("SDVariable.fdiv", 0.3, 2, (m, x, y) -> x.add(2).fdiv(null, y));
    }

    private void clipping() {
        add(
                "sd.math().clipByValue(x, -1.02, 1.02)",
                "[3, 4]",
                (sd, v) -> sd.math().clipByValue(v[0], -1.02, 1.02),
                real(3, 4));
        add(
                "sd.math().clipByNorm(x, c)",
                "active, whole array",
                (sd, v) -> sd.math().clipByNorm(v[0], 0.7),
                real(3, 4));
        add(
                "sd.math().clipByNorm(x, c)",
                "not active",
                (sd, v) -> sd.math().clipByNorm(v[0], 100),
                real(3, 4));
        add(
                "sd.math().clipByNorm(x, c, 1)",
                "active, by row",
                (sd, v) -> sd.math().clipByNorm(v[0], 0.7, 1),
                real(3, 4));
        add(
                "sd.math().clipByAvgNorm(x, c)",
                "active",
                (sd, v) -> sd.math().clipByAvgNorm(v[0], 0.1),
                real(3, 4));
        add(
                "sd.math().clipByAvgNorm(x, c, 1)",
                "active, by row",
                (sd, v) -> sd.math().clipByAvgNorm(v[0], 0.1, 1),
                real(3, 4));
    }

    private void others() {
        add(
                "sd.math().standardize(x, 1)",
                "[3, 4]",
                (sd, v) -> sd.math().standardize(v[0], 1),
                real(3, 4));
        add(
                "sd.math().standardize(x, 1, 2)",
                "[2, 3, 4]",
                (sd, v) -> sd.math().standardize(v[0], 1, 2),
                real(2, 3, 4));
        for (int n = 1; n <= 3; n += 2) {
            int count = n;
            Input[] inputs = new Input[count];
            java.util.Arrays.setAll(inputs, i -> real(3, 4));
            String condition = GradientCase.ALWAYS;
            String words = count + (count == 1 ? " input" : " inputs");
            add(
                    one("sd.math().mergeAdd(…)", words, (sd, v) -> sd.math().mergeAdd(v), inputs)
                            .under(condition));
            add(
                    one("sd.math().mergeAvg(…)", words, (sd, v) -> sd.math().mergeAvg(v), inputs)
                            .under(condition));
            add(
                    one("sd.math().mergeMax(…)", words, (sd, v) -> sd.math().mergeMax(v), inputs)
                            .under(condition));
        }
        add(
                "sd.math().cross(a, b)",
                "[3] with [3]",
                (sd, v) -> sd.math().cross(v[0], v[1]),
                real(3),
                real(3));
        add(
                "sd.math().cross(a, b)",
                "[2, 3] with [2, 3]",
                (sd, v) -> sd.math().cross(v[0], v[1]),
                real(2, 3),
                real(2, 3));
        add("sd.math().diag(x)", "[4]", (sd, v) -> sd.math().diag(v[0]), real(4));
        add(
                one("sd.math().diag(x)", "[2, 3]", (sd, v) -> sd.math().diag(v[0]), real(2, 3))
                        .under("NOT_RANK_1"));
        add("sd.math().diagPart(x)", "[4, 4]", (sd, v) -> sd.math().diagPart(v[0]), real(4, 4));
        add(
                "sd.math().setDiag(x, d)",
                "[4, 4]",
                (sd, v) -> sd.math().setDiag(v[0], v[1]),
                real(4, 4),
                real(4));
        add(
                one(
                                "sd.math().setDiag(x, d)",
                                "[3, 4]",
                                (sd, v) -> sd.math().setDiag(v[0], v[1]),
                                real(3, 4),
                                real(3))
                        .under("NOT_SQUARE"));
        add("sd.math().trace(x)", "[4, 4]", (sd, v) -> sd.math().trace(v[0]), real(4, 4));
        add("sd.math().trace(x)", "[2, 3, 3]", (sd, v) -> sd.math().trace(v[0]), real(2, 3, 3));
        add(
                "sd.math().matrixDeterminant(x)",
                "[3, 3]",
                (sd, v) -> sd.math().matrixDeterminant(v[0]),
                real(3, 3));
        add(
                "sd.math().matrixDeterminant(x)",
                "[2, 3, 3]",
                (sd, v) -> sd.math().matrixDeterminant(v[0]),
                real(2, 3, 3));
        add(
                "sd.math().matrixInverse(x)",
                "[3, 3]",
                (sd, v) -> sd.math().matrixInverse(v[0]),
                real(3, 3));
        add(
                "sd.math().matrixInverse(x)",
                "[2, 3, 3]",
                (sd, v) -> sd.math().matrixInverse(v[0]),
                real(2, 3, 3));
        add(
                "sd.math().embeddingLookup(x, ids, MOD)",
                "[5, 3], distinct",
                (sd, v) -> sd.math().embeddingLookup(v[0], v[1], org.nd4j.enums.PartitionMode.MOD),
                real(5, 3),
                ints(0, 3));
        add(
                "sd.math().embeddingLookup(x, ids, MOD)",
                "[5, 3], repeated",
                (sd, v) -> sd.math().embeddingLookup(v[0], v[1], org.nd4j.enums.PartitionMode.MOD),
                real(5, 3),
                ints(0, 3, 3));
        add(
                many(
                        "sd.math().normalizeMoments(n, m, v, 0)",
                        "[4]",
                        (sd, v) -> sd.math().normalizeMoments(v[0], v[1], v[2], 0),
                        fixed(between(3.2, 3.8, 4)),
                        real(4),
                        between(2, 4, 4)));
        add(
                many(
                        "sd.math().meshgrid(x, y)",
                        "[3] and [2]",
                        (sd, v) -> sd.math().meshgrid(v, true),
                        real(3),
                        real(2)));
    }
}
