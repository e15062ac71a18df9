package org.learningdynamics.samples.digits;

import java.util.Random;
import org.learningdynamics.data.Shuffle;

/**
 * Digits written by a pen that follows stroke descriptions, in six ways a digit: 4 and 9, 3 and 8,
 * 1 and 7, 5 and 6 come close to each other, as in handwriting.
 *
 * <p>Each image has its own way of writing, wobble, shift, turn, slant, size, pen width, blur, ink
 * and noise. Needs no fonts and no graphics system; split, seed and number decide every pixel, on
 * every machine.
 */
public final class RenderedDigits {
    /** Disjoint sources of images. */
    public enum Split {
        /** To learn from. */
        TRAIN(0),
        /** To be measured on. */
        TEST(1);

        private final int remainder;

        Split(int remainder) {
            this.remainder = remainder;
        }
    }

    private RenderedDigits() {}

    /**
     * Renders images; image i shows the digit {@code i mod 10}. About 0.2 ms an image.
     *
     * @param split which source
     * @param count number of images, at least 1
     * @param seed decides every pixel
     * @return the images
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    public static DigitImages render(Split split, int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be >= 1, got " + count);
        }
        Glyphs glyphs = Glyphs.load();
        byte[][] pixels = new byte[count][];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % DigitImages.CLASSES;
            Random random = Shuffle.random(seed, 2L * i + split.remainder);
            int way = random.nextInt(glyphs.ways(labels[i]));
            pixels[i] = new Pen(random).write(glyphs.strokes(labels[i], way));
        }
        return new DigitImages(pixels, labels);
    }
}
