package org.learningdynamics.it.audit;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.ops.SDBaseOps;
import org.nd4j.linalg.api.buffer.DataType;

/** Ops that take indices. */
final class IndexCases extends CaseTable {
    @Override
    void fill() {
        gather();
        gatherNd();
        scatter();
        segments();
    }

    private void gather() {
        String call = "sd.gather(x, indices, 0)";
        add(
                call,
                "[5, 3], distinct",
                (sd, v) -> sd.gather(v[0], v[1], 0),
                real(5, 3),
                ints(3, 0, 4));
        add(call, "[5], distinct", (sd, v) -> sd.gather(v[0], v[1], 0), real(5), ints(3, 0, 4));
        add(call, "[1, 3], one index", (sd, v) -> sd.gather(v[0], v[1], 0), real(1, 3), ints(0));
        add(
                one(
                        call,
                        "[2, 3, 4], distinct",
                        (sd, v) -> sd.gather(v[0], v[1], 0),
                        real(2, 3, 4),
                        ints(1, 0)));
        add(
                one(
                        call,
                        "[5, 3], repeated",
                        (sd, v) -> sd.gather(v[0], v[1], 0),
                        real(5, 3),
                        ints(3, 0, 3)));
        add(
                one(
                        call,
                        "[5, 3], repeated, indices [2, 3]",
                        (sd, v) -> sd.gather(v[0], v[1], 0),
                        real(5, 3),
                        ints(new int[][] {{3, 0, 3}, {1, 1, 2}})));
        add(
                one(
                        call,
                        "[7, 3], distinct, indices [2, 3]",
                        (sd, v) -> sd.gather(v[0], v[1], 0),
                        real(7, 3),
                        ints(new int[][] {{3, 0, 5}, {4, 1, 2}})));
        add(
                one(
                        "sd.gather(x, int[], 0)",
                        "[5, 3], distinct",
                        (sd, v) -> sd.gather(v[0], new int[] {3, 0}, 0),
                        real(5, 3)));
        add(
                one(
                        "sd.gather(x, int[], 0)",
                        "[5, 3], repeated",
                        (sd, v) -> sd.gather(v[0], new int[] {3, 3}, 0),
                        real(5, 3)));
        add(
                one(
                        "sd.gather(x, indices, 1)",
                        "[3, 5], distinct",
                        (sd, v) -> sd.gather(v[0], v[1], 1),
                        real(3, 5),
                        ints(3, 0, 4)));
        add(
                one(
                        "sd.gather(x, indices, 1)",
                        "[3, 5], repeated",
                        (sd, v) -> sd.gather(v[0], v[1], 1),
                        real(3, 5),
                        ints(3, 3)));
        add(
                one(
                        "sd.gather(x, indices, 1)",
                        "[2, 5, 3], distinct",
                        (sd, v) -> sd.gather(v[0], v[1], 1),
                        real(2, 5, 3),
                        ints(3, 0)));
    }

    private void gatherNd() {
        add(
                "sd.gatherNd(x, indices)",
                "[3, 4], distinct",
                (sd, v) -> sd.gatherNd(v[0], v[1]),
                real(3, 4),
                ints(new int[][] {{0, 1}, {2, 3}}));
        add(
                "sd.gatherNd(x, indices)",
                "[3, 4], repeated",
                (sd, v) -> sd.gatherNd(v[0], v[1]),
                real(3, 4),
                ints(new int[][] {{0, 1}, {0, 1}}));
        add(
                "sd.sparseToDense(i, shape, values)",
                "three values into [4]",
                (sd, v) -> sd.sparseToDense(v[1], v[2], v[0], v[3]),
                real(3),
                ints(new int[][] {{0}, {1}, {3}}),
                ints(4),
                fixed(scalar(0)));
    }

    /** A scatter op. */
    private interface Scatter {
        SDVariable apply(SDBaseOps graph, SDVariable ref, SDVariable indices, SDVariable updates);
    }

    private void scatter(String name, Scatter op) {
        String call = "sd." + name + "(x, indices, updates)";
        add(
                call,
                "[5, 3], distinct",
                (sd, v) -> op.apply(sd, v[0], v[2], v[1]),
                between(0.3, 2, 5, 3),
                between(0.3, 2, 2, 3),
                ints(3, 0));
        add(
                one(
                                call,
                                "[5, 3], repeated",
                                (sd, v) -> op.apply(sd, v[0], v[2], v[1]),
                                between(0.3, 2, 5, 3),
                                between(0.3, 2, 3, 3),
                                ints(3, 0, 3))
                        .under("REPEATED_INDICES"));
    }

    private void scatter() {
        scatter("scatterAdd", (sd, r, i, u) -> sd.scatterAdd(r, i, u));
        scatter("scatterSub", (sd, r, i, u) -> sd.scatterSub(r, i, u));
        scatter("scatterMul", (sd, r, i, u) -> sd.scatterMul(r, i, u));
        scatter("scatterDiv", (sd, r, i, u) -> sd.scatterDiv(r, i, u));
        scatter("scatterMax", (sd, r, i, u) -> sd.scatterMax(r, i, u));
        scatter("scatterMin", (sd, r, i, u) -> sd.scatterMin(r, i, u));
        scatter("scatterUpdate", (sd, r, i, u) -> sd.scatterUpdate(r, i, u));
    }

    /** A segment op. */
    private interface Segment {
        SDVariable apply(SDBaseOps graph, SDVariable x, SDVariable ids);
    }

    private void segment(String name, Segment op, int... ids) {
        add(
                "sd." + name,
                "[" + ids.length + ", 3]",
                (sd, v) -> op.apply(sd, v[0], v[1]),
                between(0.3, 2, ids.length, 3),
                ints(ids));
        add(
                "sd." + name,
                "[" + ids.length + "]",
                (sd, v) -> op.apply(sd, v[0], v[1]),
                between(0.3, 2, ids.length),
                ints(ids));
    }

    private void segments() {
        int[] sorted = {0, 0, 1, 2, 2};
        int[] unsorted = {2, 0, 1, 2, 0};
        segment("segmentSum(x, ids)", (sd, x, i) -> sd.segmentSum(x, i), sorted);
        segment("segmentMean(x, ids)", (sd, x, i) -> sd.segmentMean(x, i), sorted);
        segment("segmentProd(x, ids)", (sd, x, i) -> sd.segmentProd(x, i), sorted);
        segment("segmentMax(x, ids)", (sd, x, i) -> sd.segmentMax(x, i), sorted);
        segment("segmentMin(x, ids)", (sd, x, i) -> sd.segmentMin(x, i), sorted);
        segment(
                "unsortedSegmentSum(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentSum(x, i, 3),
                unsorted);
        segment(
                "unsortedSegmentMean(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentMean(x, i, 3),
                unsorted);
        segment(
                "unsortedSegmentSqrtN(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentSqrtN(x, i, 3),
                unsorted);
        segment(
                "unsortedSegmentProd(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentProd(x, i, 3),
                unsorted);
        segment(
                "unsortedSegmentMax(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentMax(x, i, 3),
                unsorted);
        segment(
                "unsortedSegmentMin(x, ids, n)",
                (sd, x, i) -> sd.unsortedSegmentMin(x, i, 3),
                unsorted);
        add(
                "sd.oneHot(ids, n) · x",
                "through mmul",
                (sd, v) -> sd.mmul(sd.oneHot(v[1], 5, 1, 1.0, 0.0, DataType.DOUBLE), v[0]),
                real(5, 3),
                ints(3, 0, 3));
    }
}
