package org.learningdynamics.it.audit;

import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** Ops that move values without changing them, and matrix products. */
final class ShapeCases extends CaseTable {
    @Override
    void fill() {
        reshaping();
        joining();
        slicing();
        copies();
        products();
    }

    private void reshaping() {
        add("sd.reshape(x, -1, 6)", "[2, 3, 4]", (sd, v) -> sd.reshape(v[0], -1, 6), real(2, 3, 4));
        add(
                "sd.reshape(x, shape variable)",
                "[3, 4]",
                (sd, v) -> sd.reshape(v[0], v[1]),
                real(3, 4),
                longs(2, 6));
        add(
                "sd.permute(x, 2, 0, 1)",
                "[2, 3, 4]",
                (sd, v) -> sd.permute(v[0], 2, 0, 1),
                real(2, 3, 4));
        add(
                "sd.permute(x, dims variable)",
                "[2, 3, 4]",
                (sd, v) -> sd.permute(v[0], v[1]),
                real(2, 3, 4),
                ints(2, 0, 1));
        add("sd.transpose(x)", "[3, 4]", (sd, v) -> sd.transpose(v[0]), real(3, 4));
        add("sd.transpose(x)", "[2, 3, 4]", (sd, v) -> sd.transpose(v[0]), real(2, 3, 4));
        add("sd.expandDims(x, 1)", "[3, 4]", (sd, v) -> sd.expandDims(v[0], 1), real(3, 4));
        add("sd.expandDims(x, 0)", "[4]", (sd, v) -> sd.expandDims(v[0], 0), real(4));
        add("sd.squeeze(x, 1)", "[3, 1, 4]", (sd, v) -> sd.squeeze(v[0], 1), real(3, 1, 4));
        add("sd.flatten(x, y)", "[3, 4] and [2]", (sd, v) -> sd.flatten(v), real(3, 4), real(2));
        add("sd.identity(x)", "[3, 4]", (sd, v) -> sd.identity(v[0]), real(3, 4));
        add("sd.reverse(x, 1)", "[3, 4]", (sd, v) -> sd.reverse(v[0], 1), real(3, 4));
        add("sd.reverse(x, 0, 2)", "[2, 3, 4]", (sd, v) -> sd.reverse(v[0], 0, 2), real(2, 3, 4));
        add(
                "sd.reverseSequence(x, lengths, 1, 0)",
                "[3, 4]",
                (sd, v) -> sd.reverseSequence(v[0], v[1], 1, 0),
                real(3, 4),
                ints(2, 4, 1));
        add(
                "sd.castTo(x, FLOAT) and back",
                "[3, 4]",
                (sd, v) ->
                        sd.castTo(sd.castTo(v[0], DataType.FLOAT), DataType.DOUBLE)
                                .mul(0)
                                .add(v[0]),
                real(3, 4));
        add(
                one(
                        "sd.castTo(x, DOUBLE)",
                        "[3, 4]",
                        (sd, v) -> sd.castTo(v[0], DataType.DOUBLE),
                        real(3, 4)));
        add("sd.assign(x, y)", "[3, 4]", (sd, v) -> sd.assign(v[0], v[1]), real(3, 4), real(3, 4));
        add("sd.onesLike(x)", "[3, 4]", (sd, v) -> sd.onesLike(v[0]), real(3, 4));
        add("sd.zerosLike(x)", "[3, 4]", (sd, v) -> sd.zerosLike(v[0]), real(3, 4));
    }

    private void joining() {
        for (int axis = -1; axis <= 1; axis++) {
            int a = axis;
            add(
                    "sd.concat(axis, …)",
                    "[3, 4] twice along " + a,
                    (sd, v) -> sd.concat(a, v),
                    real(3, 4),
                    real(3, 4));
            add(
                    "sd.stack(axis, …)",
                    "[3, 4] twice along " + a,
                    (sd, v) -> sd.stack(a, v),
                    real(3, 4),
                    real(3, 4));
        }
        add("sd.concat(axis, …)", "one input", (sd, v) -> sd.concat(0, v), real(3, 4));
        add(
                "sd.concat(axis, …)",
                "[1, 4] and [2, 4]",
                (sd, v) -> sd.concat(0, v),
                real(1, 4),
                real(2, 4));
        for (int axis = 0; axis <= 1; axis++) {
            int a = axis;
            add(
                    many(
                            "sd.unstack(x, axis, n)",
                            "[2, 2] along " + a,
                            (sd, v) -> sd.unstack(v[0], a, 2),
                            real(2, 2)));
            add(
                    many(
                            "sd.unstack(x, axis, n)",
                            "[2, 2] along " + a + ", first used",
                            (sd, v) -> new SDVariable[] {sd.unstack(v[0], a, 2)[0]},
                            real(2, 2)));
            add(
                    many(
                            "sd.split(x, 2, axis)",
                            "[2, 4] along " + a,
                            (sd, v) -> sd.split(v[0], 2, a),
                            real(2, 4)));
            add(
                    many(
                            "sd.split(x, 2, axis)",
                            "[2, 4] along " + a + ", second used",
                            (sd, v) -> new SDVariable[] {sd.split(v[0], 2, a)[1]},
                            real(2, 4)));
        }
        add(
                many(
                        "sd.unstack(x, axis, n)",
                        "[2, 3, 4] along 1",
                        (sd, v) -> sd.unstack(v[0], 1, 3),
                        real(2, 3, 4)));
        add(
                many(
                        "sd.splitV(x, sizes, n, axis)",
                        "[5, 2], sizes 2 and 3",
                        (sd, v) -> sd.splitV(v[0], v[1], 2, 0),
                        real(5, 2),
                        ints(2, 3)));
        add("sd.tile(x, 2, 3)", "[3, 4]", (sd, v) -> sd.tile(v[0], 2, 3), real(3, 4));
        add("sd.tile(x, 1, 1)", "[3, 4]", (sd, v) -> sd.tile(v[0], 1, 1), real(3, 4));
        add(
                "sd.tile(x, repeats variable)",
                "[3, 4]",
                (sd, v) -> sd.tile(v[0], v[1]),
                real(3, 4),
                ints(2, 3));
        add(
                one(
                                "sd.repeat(x, repeats, 0)",
                                "[3, 4]",
                                (sd, v) -> sd.repeat(v[0], v[1], 0),
                                real(3, 4),
                                ints(2))
                        .of("repeat"));
        add(
                many(
                        "sd.dynamicPartition(x, ids, 2)",
                        "[4]",
                        (sd, v) -> sd.dynamicPartition(v[0], v[1], 2),
                        real(4),
                        ints(0, 1, 1, 0)));
        add(
                "sd.dynamicStitch(indices, …)",
                "[2, 3] twice",
                (sd, v) -> sd.dynamicStitch(new SDVariable[] {v[2], v[3]}, v[0], v[1]),
                real(2, 3),
                real(2, 3),
                ints(0, 2),
                ints(1, 3));
    }

    private void slicing() {
        add(
                "sd.slice(x, begin, size)",
                "[3, 4], inner",
                (sd, v) -> sd.slice(v[0], new int[] {1, 1}, 2, 2),
                real(3, 4));
        add(
                "sd.slice(x, begin, size)",
                "[1, 4]",
                (sd, v) -> sd.slice(v[0], new int[] {0, 1}, 1, 2),
                real(1, 4));
        add(
                "sd.slice(x, begin, size)",
                "[3, 4], size -1",
                (sd, v) -> sd.slice(v[0], new int[] {1, 1}, -1, -1),
                real(3, 4));
        add(
                "sd.slice(x, begin variable, size variable)",
                "[3, 4]",
                (sd, v) -> sd.slice(v[0], v[1], v[2]),
                real(3, 4),
                ints(1, 1),
                ints(2, 2));
        add(
                "sd.stridedSlice(x, begin, end, strides)",
                "[3, 4], stride 1",
                (sd, v) -> sd.stridedSlice(v[0], new long[] {0, 1}, new long[] {2, 3}, 1, 1),
                real(3, 4));
        add(
                "sd.stridedSlice(x, begin, end, strides)",
                "[3, 4], stride 2",
                (sd, v) -> sd.stridedSlice(v[0], new long[] {0, 0}, new long[] {3, 4}, 2, 2),
                real(3, 4));
        add(
                one(
                                "sd.stridedSlice(x, begin, end, strides)",
                                "[1, 4], stride 1",
                                (sd, v) ->
                                        sd.stridedSlice(
                                                v[0], new long[] {0, 1}, new long[] {1, 3}, 1, 1),
                                real(1, 4))
                        .under("UNIT_DIMENSION"));
        for (long rows : new long[] {3, 1}) {
            String shape = "[" + rows + ", 4]";
            add(
                    one(
                                    "x.get(SDIndex.all(), SDIndex.point(1))",
                                    shape,
                                    (sd, v) -> v[0].get(SDIndex.all(), SDIndex.point(1)),
                                    real(rows, 4))
                            .under(rows == 1 ? "UNIT_DIMENSION" : "ALWAYS"));
            add(
                    one(
                                    "x.get(SDIndex.point(0), SDIndex.all())",
                                    shape,
                                    (sd, v) -> v[0].get(SDIndex.point(0), SDIndex.all()),
                                    real(rows, 4))
                            .under(rows == 1 ? "UNIT_DIMENSION" : "ALWAYS"));
            add(
                    one(
                                    "x.get(SDIndex.all(), SDIndex.interval(1, 3))",
                                    shape,
                                    (sd, v) -> v[0].get(SDIndex.all(), SDIndex.interval(1, 3)),
                                    real(rows, 4))
                            .under(rows == 1 ? "UNIT_DIMENSION" : "ALWAYS"));
            add(
                    "x.getView(SDIndex.all(), SDIndex.interval(1, 3))",
                    shape,
                    (sd, v) -> v[0].getView(SDIndex.all(), SDIndex.interval(1, 3)),
                    real(rows, 4));
            add(
                    "x.getView(SDIndex.point(0))",
                    shape,
                    (sd, v) -> v[0].getView(SDIndex.point(0)),
                    real(rows, 4));
        }
        add(
                one(
                        "x.get(SDIndex.all(), SDIndex.point(1), SDIndex.all())",
                        "[2, 3, 4]",
                        (sd, v) -> v[0].get(SDIndex.all(), SDIndex.point(1), SDIndex.all()),
                        real(2, 3, 4)));
        add(
                one(
                                "x.get(SDIndex.all(), SDIndex.point(1), SDIndex.all())",
                                "[1, 3, 4]",
                                (sd, v) -> v[0].get(SDIndex.all(), SDIndex.point(1), SDIndex.all()),
                                real(1, 3, 4))
                        .under("UNIT_DIMENSION"));
        add(
                one("x.get(indices)", "[4, 2]", (sd, v) -> v[0].get(v[1]), real(4, 2), ints(2, 0))
                        .of("invoke"));
        add(
                one(
                                "x.put(indices, rows, indices)",
                                "[4, 2]",
                                (sd, v) -> v[0].put(v[2], v[1], v[2]),
                                real(4, 2),
                                real(2, 2),
                                ints(0, 1))
                        .of("invoke"));
    }

    private void copies() {
        cumulative();
        where();
        add(
                many(
                        "sd.nn().topK(x, 2, true)[0]",
                        "[3, 4]",
                        (sd, v) -> new SDVariable[] {sd.nn().topK(v[0], 2, true)[0]},
                        real(3, 4)));
        add(
                "sd.replaceWhere(x, y, x > 0)",
                "[3, 4]",
                (sd, v) ->
                        sd.replaceWhere(
                                v[0],
                                v[1],
                                org.nd4j.linalg.indexing.conditions.Conditions.greaterThan(0.0)),
                real(3, 4),
                real(3, 4));
        add(
                "sd.replaceWhere(x, 0.5, x > 0)",
                "[3, 4]",
                (sd, v) ->
                        sd.replaceWhere(
                                v[0],
                                0.5,
                                org.nd4j.linalg.indexing.conditions.Conditions.greaterThan(0.0)),
                real(3, 4));
        add(
                "sd.fill(shape, x)",
                "no input is differentiable",
                (sd, v) -> sd.fill(v[1], DataType.DOUBLE, 0.5).mul(v[0]),
                real(2, 3),
                ints(2, 3));
        add(
                "sd.linspace(x, y, 4)",
                "scalars",
                (sd, v) -> sd.linspace(v[0], v[1], v[2], DataType.DOUBLE),
                scalar(0.3),
                scalar(1.7),
                ints(4));
        add(
                many(
                                "sd.switchOp(x, true)[1]",
                                "[3, 4]",
                                (sd, v) ->
                                        new SDVariable[] {
                                            sd.switchOp(v[0], sd.constant(true))[1].mul(1.5)
                                        },
                                real(3, 4))
                        .of("switch"));
        add(
                "sd.merge(switch)",
                "[3, 4]",
                (sd, v) -> {
                    SDVariable[] s = sd.switchOp(v[0], sd.constant(true));
                    return sd.merge(s[0].mul(0.5), s[1].mul(1.5));
                },
                real(3, 4));
        add(
                one(
                                "sd.ifCond(c, a, b)",
                                "[3, 4]",
                                (sd, v) ->
                                        sd.ifCond(
                                                g -> v[0].sum().gt(0),
                                                g -> v[0].mul(2.0),
                                                g -> v[0].mul(3.0)),
                                real(3, 4))
                        .of("merge"));
        for (String op : new String[] {"enter", "exit", "next_iteration"}) {
            add(
                    many(
                                    "sd.whileLoop(x, …)",
                                    "[3, 4], three rounds",
                                    (sd, v) ->
                                            new SDVariable[] {
                                                sd.whileLoop(
                                                                new SDVariable[] {
                                                                    v[0], sd.constant(0.0)
                                                                },
                                                                (g, s) -> s[1].lt(2.5),
                                                                (g, s) ->
                                                                        new SDVariable[] {
                                                                            s[0].mul(0.5),
                                                                            s[1].add(1.0)
                                                                        })[0]
                                            },
                                    real(3, 4))
                            .of(op));
        }
    }

    private void cumulative() {
        for (int axis = 0; axis <= 1; axis++) {
            int a = axis;
            for (int mode = 0; mode < 4; mode++) {
                boolean exclusive = (mode & 1) == 1;
                boolean reverse = mode > 1;
                String words =
                        "[3, 4] along "
                                + a
                                + (exclusive ? ", exclusive" : "")
                                + (reverse ? ", reverse" : "");
                add(
                        "sd.cumsum(x, axis)",
                        words,
                        (sd, v) -> sd.cumsum(v[0], exclusive, reverse, a),
                        real(3, 4));
                add(
                        "sd.cumprod(x, axis)",
                        words,
                        (sd, v) -> sd.cumprod(v[0], exclusive, reverse, a),
                        real(3, 4));
            }
        }
    }

    private void where() {
        add(
                one(
                                "sd.where(x, y, c)",
                                "[3, 4]",
                                (sd, v) -> sd.where(v[0], v[1], v[0].gt(v[1])),
                                real(3, 4),
                                real(3, 4))
                        .of("Where"));
        add(
                "sd.whereNumpy(x, y, c)",
                "[3, 4]",
                (sd, v) -> sd.whereNumpy(v[0], v[1], v[0].gt(v[1]).castTo(DataType.DOUBLE)),
                real(3, 4),
                real(3, 4));
    }

    private void products() {
        add(
                "sd.mmul(a, b)",
                "[3, 4] by [4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1]),
                real(3, 4),
                real(4, 2));
        add(
                "sd.mmul(a, b)",
                "[1, 4] by [4, 1]",
                (sd, v) -> sd.mmul(v[0], v[1]),
                real(1, 4),
                real(4, 1));
        add(
                "sd.mmul(a, b, true, false, false)",
                "[4, 3] by [4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1], true, false, false),
                real(4, 3),
                real(4, 2));
        add(
                "sd.mmul(a, b, false, true, false)",
                "[3, 4] by [2, 4]",
                (sd, v) -> sd.mmul(v[0], v[1], false, true, false),
                real(3, 4),
                real(2, 4));
        add(
                "sd.mmul(a, b, true, true, false)",
                "[4, 3] by [2, 4]",
                (sd, v) -> sd.mmul(v[0], v[1], true, true, false),
                real(4, 3),
                real(2, 4));
        add(
                one(
                                "sd.mmul(a, b, false, false, true)",
                                "[3, 4] by [4, 2]",
                                (sd, v) -> sd.mmul(v[0], v[1], false, false, true),
                                real(3, 4),
                                real(4, 2))
                        .under(GradientCase.ALWAYS));
        add(
                "sd.mmul(a, b)",
                "[2, 3, 4] by [2, 4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1]),
                real(2, 3, 4),
                real(2, 4, 2));
        add(
                "sd.mmul(a, b)",
                "[1, 3, 4] by [1, 4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1]),
                real(1, 3, 4),
                real(1, 4, 2));
        add(
                "sd.mmul(a, b)",
                "[2, 2, 3, 4] by [2, 2, 4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1]),
                real(2, 2, 3, 4),
                real(2, 2, 4, 2));
        add(
                "sd.mmul(a, b, false, true, false)",
                "[2, 2, 3, 4] by [2, 2, 2, 4]",
                (sd, v) -> sd.mmul(v[0], v[1], false, true, false),
                real(2, 2, 3, 4),
                real(2, 2, 2, 4));
        add(
                "sd.mmul(a, b, true, false, false)",
                "[2, 2, 4, 3] by [2, 2, 4, 2]",
                (sd, v) -> sd.mmul(v[0], v[1], true, false, false),
                real(2, 2, 4, 3),
                real(2, 2, 4, 2));
        add(
                one(
                                "sd.mmul(a, b)",
                                "[2, 3, 4] by [4, 2]",
                                (sd, v) -> sd.mmul(v[0], v[1]),
                                real(2, 3, 4),
                                real(4, 2))
                        .under("RANKS_DIFFER"));
        add(
                one(
                                "sd.mmul(a, b)",
                                "[3, 4] by [4]",
                                (sd, v) -> sd.mmul(v[0], v[1]),
                                real(3, 4),
                                real(4))
                        .under("RANKS_DIFFER"));
        add(
                one(
                                "sd.mmul(a, b)",
                                "[4] by [4, 3]",
                                (sd, v) -> sd.mmul(v[0], v[1]),
                                real(4),
                                real(4, 3))
                        .under("RANKS_DIFFER"));
        add(
                "sd.linalg().matmul(a, b)",
                "[3, 4] by [4, 2]",
                (sd, v) -> sd.linalg().matmul(v[0], v[1]),
                real(3, 4),
                real(4, 2));
        add(
                many(
                        "sd.batchMmul(a, b)",
                        "two of [3, 4] by [4, 2]",
                        (sd, v) -> sd.batchMmul(new SDVariable[] {v[0], v[1]}, v[2], v[3]),
                        real(3, 4),
                        real(3, 4),
                        real(4, 2),
                        real(4, 2)));
        add(
                "sd.tensorMmul(a, b, {1}, {0})",
                "[3, 4] by [4, 2]",
                (sd, v) -> sd.tensorMmul(v[0], v[1], new int[] {1}, 0),
                real(3, 4),
                real(4, 2));
        add(
                "sd.tensorMmul(a, b, {2}, {0})",
                "[2, 3, 4] by [4, 2]",
                (sd, v) -> sd.tensorMmul(v[0], v[1], new int[] {2}, 0),
                real(2, 3, 4),
                real(4, 2));
        add(
                "sd.tensorMmul(a, b, {1, 2}, {1, 2})",
                "[2, 3, 4] by [5, 3, 4]",
                (sd, v) -> sd.tensorMmul(v[0], v[1], new int[] {1, 2}, 1, 2),
                real(2, 3, 4),
                real(5, 3, 4));
    }
}
