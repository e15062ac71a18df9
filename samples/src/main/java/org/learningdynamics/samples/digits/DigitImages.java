package org.learningdynamics.samples.digits;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.learningdynamics.data.Shuffle;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Labelled grey images of 28 × 28 pixels, 0 the paper and 255 full ink. Immutable. */
public final class DigitImages {
    /** Pixels a side. */
    public static final int SIDE = 28;

    /** Pixels an image. */
    public static final int PIXELS = SIDE * SIDE;

    /** Number of classes. */
    public static final int CLASSES = 10;

    private static final float WHITE = 255;

    private final byte[][] pixels; // [N][PIXELS]
    private final int[] labels; // [N]

    /**
     * Takes images over without copying them.
     *
     * @param pixels row by row, unsigned // [N][PIXELS]
     * @param labels digits // [N]
     */
    DigitImages(byte[][] pixels, int[] labels) {
        if (pixels.length != labels.length) {
            throw new IllegalArgumentException(
                    "labels must be one an image (" + pixels.length + "), got " + labels.length);
        }
        this.pixels = pixels;
        this.labels = labels;
    }

    /**
     * The number of images.
     *
     * @return N
     */
    public int size() {
        return labels.length;
    }

    /**
     * The digits.
     *
     * @return a copy // [N]
     */
    public int[] labels() {
        return labels.clone();
    }

    /**
     * One image.
     *
     * @param image its number
     * @return a copy, row by row, unsigned // [PIXELS]
     */
    public byte[] pixels(int image) {
        return pixels[image].clone();
    }

    /**
     * The numbers of a digit's images.
     *
     * @param digit 0 to 9
     * @return ascending
     */
    public int[] ofClass(int digit) {
        return IntStream.range(0, size()).filter(i -> labels[i] == digit).toArray();
    }

    /**
     * Some images as another set.
     *
     * @param images their numbers
     * @return the set in that order
     */
    public DigitImages select(int... images) {
        byte[][] chosen = Arrays.stream(images).mapToObj(i -> pixels[i]).toArray(byte[][]::new);
        return new DigitImages(chosen, Arrays.stream(images).map(i -> labels[i]).toArray());
    }

    /**
     * A number of images drawn without replacement.
     *
     * @param count how many; all, shuffled, if there are not more
     * @param random the source of chance
     * @return the drawn images
     */
    public DigitImages draw(int count, Random random) {
        List<Integer> order = Shuffle.copy(IntStream.range(0, size()).boxed().toList(), random);
        List<Integer> drawn = new ArrayList<>(order.subList(0, Math.min(count, size())));
        return select(drawn.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Everything as DL4J takes it.
     *
     * @return features in [0, 1] // [N, PIXELS], one-hot labels // [N, CLASSES]
     */
    public DataSet dataSet() {
        return new DataSet(features(), oneHot());
    }

    /**
     * The images alone.
     *
     * @return single precision, in [0, 1] // [N, PIXELS]
     */
    public INDArray features() {
        float[] values = new float[size() * PIXELS];
        for (int i = 0; i < size(); i++) {
            for (int p = 0; p < PIXELS; p++) {
                values[i * PIXELS + p] = (pixels[i][p] & 0xff) / WHITE;
            }
        }
        return Nd4j.create(values, new long[] {size(), PIXELS}, 'c');
    }

    /**
     * SHA-256 over pixels and labels.
     *
     * @return 64 hexadecimal digits
     */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < size(); i++) {
                digest.update(pixels[i]);
                digest.update((byte) labels[i]);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }

    private INDArray oneHot() {
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, size(), CLASSES);
        for (int i = 0; i < size(); i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        return oneHot;
    }
}
