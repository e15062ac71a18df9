package org.learningdynamics.it.audit;

import org.learningdynamics.it.audit.GradientCase.Input;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** {@code sd.linalg()} and {@code sd.image()}. */
final class LinalgCases extends CaseTable {
    @Override
    void fill() {
        linalg();
        image();
    }

    private Input spd() {
        return new Input(
                Nd4j.createFromArray(
                        new double[][] {{2.5, 0.3, -0.4}, {0.3, 1.8, 0.2}, {-0.4, 0.2, 3.1}}),
                true);
    }

    private void linalg() {
        add(
                "sd.linalg().cholesky(x xᵀ)",
                "[3, 3]",
                (sd, v) -> sd.linalg().cholesky(v[0].add(sd.permute(v[0], 1, 0)).mul(0.5)),
                spd());
        add(
                "sd.linalg().logdet(x)",
                "[3, 3]",
                (sd, v) -> sd.linalg().logdet(v[0].add(sd.permute(v[0], 1, 0)).mul(0.5)),
                spd());
        add(
                "sd.linalg().solve(a, b)",
                "[3, 3] and [3, 2]",
                (sd, v) -> sd.linalg().solve(v[0], v[1]),
                spd(),
                real(3, 2));
        add(
                "sd.linalg().solve(a, b, true)",
                "[3, 3] and [3, 2]",
                (sd, v) -> sd.linalg().solve(v[0], v[1], true),
                spd(),
                real(3, 2));
        add(
                "sd.linalg().triangularSolve(a, b, true, false)",
                "[3, 3] and [3, 2]",
                (sd, v) -> sd.linalg().triangularSolve(v[0], v[1], true, false),
                spd(),
                real(3, 2));
        add(
                "sd.linalg().lstsq(a, b, 0.1, true)",
                "[4, 3] and [4, 2]",
                (sd, v) -> sd.linalg().lstsq(v[0], v[1], 0.1, true),
                real(4, 3),
                real(4, 2));
        add("sd.linalg().lu(x)", "[3, 3]", (sd, v) -> sd.linalg().lu(v[0]), spd());
        add(many("sd.linalg().qr(x)", "[3, 3]", (sd, v) -> sd.linalg().qr(v[0]), spd()));
        add(
                "sd.linalg().svd(x, false, false)",
                "[3, 3]",
                (sd, v) -> sd.linalg().svd(v[0], false, false),
                spd());
        add(
                many(
                        "sd.linalg().matrixBandPart(x, 1, 0)[0]",
                        "[3, 3]",
                        (sd, v) -> new SDVariable[] {sd.linalg().matrixBandPart(v[0], 1, 0)[0]},
                        real(3, 3)));
        add("sd.linalg().triu(x, 0)", "[3, 3]", (sd, v) -> sd.linalg().triu(v[0], 0), real(3, 3));
        add(
                "sd.linalg().triu(x, 1)",
                "[2, 3, 3]",
                (sd, v) -> sd.linalg().triu(v[0], 1),
                real(2, 3, 3));
        add(
                "sd.linalg().diag_part(x)",
                "[3, 3]",
                (sd, v) -> sd.linalg().diag_part(v[0]),
                real(3, 3));
    }

    private void image() {
        add(
                "sd.image().adjustContrast(x, 1.5)",
                "[1, 2, 2, 3]",
                (sd, v) -> sd.image().adjustContrast(v[0], 1.5),
                between(0.1, 0.9, 1, 2, 2, 3));
        add(
                "sd.image().adjustSaturation(x, 1.5)",
                "[1, 2, 2, 3]",
                (sd, v) -> sd.image().adjustSaturation(v[0], 1.5),
                between(0.1, 0.9, 1, 2, 2, 3));
        add(
                "sd.image().adjustHue(x, 0.1)",
                "[1, 2, 2, 3]",
                (sd, v) -> sd.image().adjustHue(v[0], 0.1),
                between(0.1, 0.9, 1, 2, 2, 3));
        add(
                "sd.image().rgbToHsv(x)",
                "[2, 3]",
                (sd, v) -> sd.image().rgbToHsv(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                "sd.image().hsvToRgb(x)",
                "[2, 3]",
                (sd, v) -> sd.image().hsvToRgb(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                "sd.image().rgbToYuv(x)",
                "[2, 3]",
                (sd, v) -> sd.image().rgbToYuv(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                "sd.image().yuvToRgb(x)",
                "[2, 3]",
                (sd, v) -> sd.image().yuvToRgb(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                "sd.image().rgbToYiq(x)",
                "[2, 3]",
                (sd, v) -> sd.image().rgbToYiq(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                "sd.image().yiqToRgb(x)",
                "[2, 3]",
                (sd, v) -> sd.image().yiqToRgb(v[0]),
                between(0.1, 0.9, 2, 3));
        add(
                one(
                                "sd.image().resizeBiLinear(x, 4, 4, false, false)",
                                "[1, 2, 2, 1]",
                                (sd, v) ->
                                        sd.image()
                                                .resizeBiLinear(v[0], 4, 4, false, false)
                                                .castTo(DataType.DOUBLE),
                                real(1, 2, 2, 1))
                        .of("resize_bilinear"));
        add(
                one(
                                "sd.image().resizeBiCubic(x, size, false, false)",
                                "[1, 2, 2, 1]",
                                (sd, v) ->
                                        sd.image()
                                                .resizeBiCubic(v[0], v[1], false, false)
                                                .castTo(DataType.DOUBLE),
                                real(1, 2, 2, 1),
                                ints(4, 4))
                        .of("resize_bicubic"));
        add(
                "sd.image().imageResize(x, size, …)",
                "[1, 2, 2, 1]",
                (sd, v) ->
                        sd.image()
                                .imageResize(
                                        v[0], v[1], org.nd4j.enums.ImageResizeMethod.ResizeNearest),
                real(1, 2, 2, 1),
                ints(4, 4));
        add(
                "sd.image().extractImagePatches(x, …)",
                "[1, 3, 3, 1]",
                (sd, v) ->
                        sd.image()
                                .extractImagePatches(
                                        v[0],
                                        new int[] {2, 2},
                                        new int[] {1, 1},
                                        new int[] {1, 1},
                                        false),
                real(1, 3, 3, 1));
    }
}
