package org.learningdynamics.model;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.ConvolutionUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The patches of images that a kernel sees.
 *
 * @param kernel height and width
 * @param stride of both
 * @param pad zeros before the first row and column
 * @param dilation of both
 * @param out height and width of what comes out
 * @param covering whether there is a patch for every stride that begins inside the image
 * @param channelsLast whether the channels of a patch vary fastest, else slowest
 */
record Window(
        int[] kernel,
        int[] stride,
        int[] pad,
        int[] dilation,
        int[] out,
        boolean covering,
        boolean channelsLast) {
    /** As the host lays it over images // [N, C, H, W]. */
    static Window ofImages(ConvolutionLayer layer, INDArray images) {
        int[] k = layer.getKernelSize();
        int[] s = layer.getStride();
        int[] d = layer.getDilation();
        boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
        int @Nullable [] given = same ? null : layer.getPadding();
        int[] out =
                ConvolutionUtils.getOutputSize(
                        images, k, s, given, layer.getConvolutionMode(), d, CNN2DFormat.NCHW);
        int[] size = {(int) images.size(2), (int) images.size(3)};
        int[] pad =
                given == null
                        ? ConvolutionUtils.getSameModeTopLeftPadding(out, size, k, s, d)
                        : given;
        return new Window(k, s, pad, d, out, same, false);
    }

    /** As the host lays it over sequences // [N, C, T, 1]. */
    static Window ofSequences(ConvolutionLayer layer, INDArray sequences) {
        int length = (int) sequences.size(2);
        int k = layer.getKernelSize()[0];
        int s = layer.getStride()[0];
        int d = layer.getDilation()[0];
        int extent = (k - 1) * d + 1;
        int out = (length + s - 1) / s;
        int pad;
        boolean covering = true;
        switch (layer.getConvolutionMode()) {
            case Same -> pad = Math.max(0, (out - 1) * s + extent - length) / 2;
            case Causal -> pad = extent - 1;
            default -> {
                pad = layer.getPadding()[0];
                out = (length + 2 * pad - extent) / s + 1;
                covering = false;
            }
        }
        return new Window(
                new int[] {k, 1},
                new int[] {s, 1},
                new int[] {pad, 0},
                new int[] {d, 1},
                new int[] {out, 1},
                covering,
                true);
    }

    /** Number of patches an image. */
    long positions() {
        return (long) out[0] * out[1];
    }

    /** Cuts out the patches // [N, C, H, W] to [N·P, C·kH·kW]. */
    INDArray patches(INDArray images) {
        INDArray columns =
                Nd4j.createUninitialized(
                        images.dataType(), shape(images.size(0), images.size(1)), 'c');
        Convolution.im2col(
                images,
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                pad[0],
                pad[1],
                dilation[0],
                dilation[1],
                covering,
                hostOrder(columns));
        return columns.reshape('c', images.size(0) * positions(), patch(images.size(1)));
    }

    /** Adds patches up where they came from // [N·P, C·kH·kW] to [N, C, H, W]. */
    INDArray fold(INDArray patches, long[] shape) {
        INDArray columns = patches.reshape('c', shape(shape[0], shape[1]));
        INDArray images = Nd4j.create(patches.dataType(), shape, 'c');
        Convolution.col2im(
                hostOrder(columns),
                images,
                stride[0],
                stride[1],
                pad[0],
                pad[1],
                (int) shape[2],
                (int) shape[3],
                dilation[0],
                dilation[1]);
        return images;
    }

    private long patch(long channels) {
        return channels * kernel[0] * kernel[1];
    }

    private long[] shape(long rows, long channels) {
        return channelsLast
                ? new long[] {rows, out[0], out[1], kernel[0], kernel[1], channels}
                : new long[] {rows, out[0], out[1], channels, kernel[0], kernel[1]};
    }

    /** To [N, C, kH, kW, oH, oW]. */
    private INDArray hostOrder(INDArray columns) {
        return channelsLast ? columns.permute(0, 5, 3, 4, 1, 2) : columns.permute(0, 3, 4, 5, 1, 2);
    }
}
