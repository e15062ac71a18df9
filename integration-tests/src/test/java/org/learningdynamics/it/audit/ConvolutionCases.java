package org.learningdynamics.it.audit;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.DataFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv1DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv3DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv3DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.LocalResponseNormalizationConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling3DConfig;

/** {@code sd.cnn()}. */
final class ConvolutionCases extends CaseTable {
    @Override
    void fill() {
        one();
        two();
        three();
        pooling();
        rearranging();
    }

    private void one() {
        for (PaddingMode mode :
                new PaddingMode[] {PaddingMode.VALID, PaddingMode.SAME, PaddingMode.CAUSAL}) {
            Conv1DConfig c = Conv1DConfig.builder().k(2).paddingMode(mode).build();
            add(
                    "sd.cnn().conv1d(x, w, b, …)",
                    "[2, 2, 5], " + mode,
                    (sd, v) -> sd.cnn().conv1d(v[0], v[1], v[2], c),
                    real(2, 2, 5),
                    real(2, 2, 3),
                    real(3));
        }
        Conv1DConfig c = Conv1DConfig.builder().k(2).paddingMode(PaddingMode.VALID).build();
        add(
                "sd.cnn().conv1d(x, w, …)",
                "[1, 2, 5]",
                (sd, v) -> sd.cnn().conv1d(v[0], v[1], c),
                real(1, 2, 5),
                real(2, 2, 3));
    }

    private void two() {
        for (String format : new String[] {"NCHW", "NHWC"}) {
            boolean nchw = format.equals("NCHW");
            long[] in = nchw ? new long[] {2, 2, 4, 4} : new long[] {2, 4, 4, 2};
            for (PaddingMode mode : new PaddingMode[] {PaddingMode.VALID, PaddingMode.SAME}) {
                for (int s = 1; s <= 2; s++) {
                    Conv2DConfig c =
                            Conv2DConfig.builder()
                                    .kH(2)
                                    .kW(2)
                                    .sH(s)
                                    .sW(s)
                                    .paddingMode(mode)
                                    .dataFormat(format)
                                    .build();
                    String words = format + ", " + mode + ", stride " + s;
                    add(
                            "sd.cnn().conv2d(x, w, b, …)",
                            words,
                            (sd, v) -> sd.cnn().conv2d(v[0], v[1], v[2], c),
                            real(in),
                            real(2, 2, 2, 3),
                            real(3));
                    add(
                            "sd.cnn().depthWiseConv2d(x, w, b, …)",
                            words,
                            (sd, v) -> sd.cnn().depthWiseConv2d(v[0], v[1], v[2], c),
                            real(in),
                            real(2, 2, 2, 1),
                            real(2));
                    add(
                            "sd.cnn().separableConv2d(x, d, p, b, …)",
                            words,
                            (sd, v) -> sd.cnn().separableConv2d(v[0], v[1], v[2], v[3], c),
                            real(in),
                            real(2, 2, 2, 1),
                            real(1, 1, 2, 3),
                            real(3));
                }
            }
        }
        Conv2DConfig dilated =
                Conv2DConfig.builder()
                        .kH(2)
                        .kW(2)
                        .dH(2)
                        .dW(2)
                        .paddingMode(PaddingMode.VALID)
                        .build();
        add(
                "sd.cnn().conv2d(x, w, …)",
                "dilation 2, batch 1",
                (sd, v) -> sd.cnn().conv2d(v[0], v[1], dilated),
                real(1, 2, 4, 4),
                real(2, 2, 2, 3));
        for (boolean same : new boolean[] {false, true}) {
            DeConv2DConfig d = DeConv2DConfig.builder().kH(2).kW(2).isSameMode(same).build();
            add(
                    "sd.cnn().deconv2d(x, w, b, …)",
                    same ? "SAME" : "VALID",
                    (sd, v) -> sd.cnn().deconv2d(v[0], v[1], v[2], d),
                    real(2, 2, 3, 3),
                    real(2, 2, 3, 2),
                    real(3));
        }
    }

    private void three() {
        Conv3DConfig c =
                Conv3DConfig.builder()
                        .kD(2)
                        .kH(2)
                        .kW(2)
                        .dataFormat("NCDHW")
                        .paddingMode(PaddingMode.VALID)
                        .build();
        add(
                "sd.cnn().conv3d(x, w, b, …)",
                "NCDHW, batch 1",
                (sd, v) -> sd.cnn().conv3d(v[0], v[1], v[2], c),
                real(1, 2, 3, 3, 3),
                real(2, 2, 2, 2, 2),
                real(2));
        DeConv3DConfig d = DeConv3DConfig.builder().kD(2).kH(2).kW(2).build();
        add(
                "sd.cnn().deconv3d(x, w, b, …)",
                "NCDHW, batch 1",
                (sd, v) -> sd.cnn().deconv3d(v[0], v[1], v[2], d),
                real(1, 2, 2, 2, 2),
                real(2, 2, 2, 2, 2),
                real(2));
        Pooling3DConfig p = Pooling3DConfig.builder().kD(2).kH(2).kW(2).isNCDHW(true).build();
        add(
                "sd.cnn().avgPooling3d(x, …)",
                "NCDHW, batch 1",
                (sd, v) -> sd.cnn().avgPooling3d(v[0], p),
                real(1, 2, 3, 3, 3));
        add(
                "sd.cnn().maxPooling3d(x, …)",
                "NCDHW, batch 1",
                (sd, v) -> sd.cnn().maxPooling3d(v[0], p),
                real(1, 2, 3, 3, 3));
        add(
                "sd.cnn().upsampling3d(x, …)",
                "NCDHW, batch 1",
                (sd, v) -> sd.cnn().upsampling3d(v[0], true, 2, 2, 2),
                real(1, 1, 2, 2, 2));
    }

    private void pooling() {
        for (boolean nhwc : new boolean[] {false, true}) {
            long[] in = nhwc ? new long[] {2, 4, 4, 2} : new long[] {2, 2, 4, 4};
            for (PaddingMode mode : new PaddingMode[] {PaddingMode.VALID, PaddingMode.SAME}) {
                Pooling2DConfig p =
                        Pooling2DConfig.builder()
                                .kH(2)
                                .kW(2)
                                .sH(2)
                                .sW(1)
                                .isNHWC(nhwc)
                                .paddingMode(mode)
                                .build();
                String words = (nhwc ? "NHWC, " : "NCHW, ") + mode;
                add(
                        "sd.cnn().avgPooling2d(x, …)",
                        words,
                        (sd, v) -> sd.cnn().avgPooling2d(v[0], p),
                        real(in));
                add(
                        "sd.cnn().maxPooling2d(x, …)",
                        words,
                        (sd, v) -> sd.cnn().maxPooling2d(v[0], p),
                        real(in));
            }
        }
        Pooling2DConfig p = Pooling2DConfig.builder().kH(2).kW(2).isNHWC(false).build();
        add(
                many(
                        "sd.cnn().maxPoolWithArgmax(x, …)[0]",
                        "NCHW",
                        (sd, v) -> new SDVariable[] {sd.cnn().maxPoolWithArgmax(v[0], p)[0]},
                        real(2, 2, 3, 3)));
    }

    private void rearranging() {
        Conv2DConfig c = Conv2DConfig.builder().kH(2).kW(2).paddingMode(PaddingMode.VALID).build();
        add(
                "sd.cnn().im2Col(x, …)",
                "[1, 2, 3, 3]",
                (sd, v) -> sd.cnn().im2Col(v[0], c),
                real(1, 2, 3, 3));
        add(
                "sd.cnn().spaceToDepth(x, 2, NHWC)",
                "[1, 4, 4, 1]",
                (sd, v) -> sd.cnn().spaceToDepth(v[0], 2, DataFormat.NHWC),
                real(1, 4, 4, 1));
        add(
                "sd.cnn().depthToSpace(x, 2, NHWC)",
                "[1, 2, 2, 4]",
                (sd, v) -> sd.cnn().depthToSpace(v[0], 2, DataFormat.NHWC),
                real(1, 2, 2, 4));
        add(
                "sd.cnn().spaceToBatch(x, …)",
                "[1, 4, 4, 1]",
                (sd, v) -> sd.cnn().spaceToBatch(v[0], new int[] {2, 2}, new int[] {0, 0}, 0, 0),
                real(1, 4, 4, 1));
        add(
                "sd.cnn().batchToSpace(x, …)",
                "[4, 2, 2, 1]",
                (sd, v) -> sd.cnn().batchToSpace(v[0], new int[] {2, 2}, new int[] {0, 0}, 0, 0),
                real(4, 2, 2, 1));
        add(
                "sd.cnn().upsampling2d(x, 2)",
                "[1, 2, 2, 2]",
                (sd, v) -> sd.cnn().upsampling2d(v[0], 2),
                real(1, 2, 2, 2));
        add(
                "sd.cnn().upsampling2d(x, 2, 3, true)",
                "[1, 2, 2, 2]",
                (sd, v) -> sd.cnn().upsampling2d(v[0], 2, 3, true),
                real(1, 2, 2, 2));
        LocalResponseNormalizationConfig l =
                LocalResponseNormalizationConfig.builder()
                        .alpha(0.1)
                        .beta(0.75)
                        .bias(1)
                        .depth(2)
                        .build();
        add(
                "sd.cnn().localResponseNormalization(x, …)",
                "[1, 4, 2, 2]",
                (sd, v) -> sd.cnn().localResponseNormalization(v[0], l),
                real(1, 4, 2, 2));
        add(
                "sd.cnn().dilation2D(x, w, …)",
                "[1, 3, 3, 2]",
                (sd, v) ->
                        sd.cnn().dilation2D(v[0], v[1], new int[] {1, 1}, new int[] {1, 1}, false),
                real(1, 3, 3, 2),
                real(2, 2, 2));
        add(
                "sd.cnn().extractImagePatches(x, …)",
                "[1, 3, 3, 1]",
                (sd, v) -> sd.cnn().extractImagePatches(v[0], 2, 2, 1, 1, 1, 1, false),
                real(1, 3, 3, 1));
    }
}
