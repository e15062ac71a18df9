package org.learningdynamics.samples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.learningdynamics.samples.digits.RenderedDigits.Split;
import org.nd4j.linalg.dataset.DataSet;

class RenderedDigitsTest {
    @Test
    void everyPixelIsDecidedBySplitSeedAndNumber() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        DigitImages images = RenderedDigits.render(Split.TRAIN, 50, 1);
        for (int i = 0; i < images.size(); i++) {
            digest.update(images.pixels(i));
        }
        assertEquals(
                "144bbe8f8c72e1c501ddff27bf693042829e059ecb438ccc4a0d87f4482bd676",
                HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void aSmallerSetIsTheBeginningOfALargerOne() {
        DigitImages small = RenderedDigits.render(Split.TEST, 7, 3);
        DigitImages large = RenderedDigits.render(Split.TEST, 20, 3);
        for (int i = 0; i < small.size(); i++) {
            assertArrayEquals(small.pixels(i), large.pixels(i));
        }
    }

    @Test
    void noTwoImagesOfSplitsAndSeedsAreTheSame() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (long seed = 1; seed <= 2; seed++) {
            for (Split split : Split.values()) {
                DigitImages images = RenderedDigits.render(split, 100, seed);
                for (int i = 0; i < images.size(); i++) {
                    seen.add(ByteBuffer.wrap(images.pixels(i)));
                }
            }
        }
        assertEquals(400, seen.size());
    }

    @Test
    void everyDigitHasSixWaysOrMoreAndComesEquallyOften() {
        Glyphs glyphs = Glyphs.load();
        DigitImages images = RenderedDigits.render(Split.TRAIN, 60, 1);
        for (int digit = 0; digit < DigitImages.CLASSES; digit++) {
            assertTrue(glyphs.ways(digit) >= 6, "ways to write " + digit);
            assertEquals(6, images.ofClass(digit).length);
        }
    }

    @Test
    void inkIsWithinTheImageAndOfReasonableAmount() {
        DigitImages images = RenderedDigits.render(Split.TRAIN, 500, 2);
        for (int i = 0; i < images.size(); i++) {
            byte[] pixels = images.pixels(i);
            int ink = 0;
            for (byte pixel : pixels) {
                ink += (pixel & 0xff) > 128 ? 1 : 0;
            }
            assertTrue(ink > 12 && ink < 250, "image " + i + " has " + ink + " dark pixels");
        }
    }

    @Test
    void handsDl4jOneRowAnImage() {
        DigitImages images = RenderedDigits.render(Split.TRAIN, 12, 1);
        DataSet data = images.dataSet();
        assertArrayEquals(new long[] {12, 784}, data.getFeatures().shape());
        assertArrayEquals(new long[] {12, 10}, data.getLabels().shape());
        assertEquals((images.pixels(3)[400] & 0xff) / 255f, data.getFeatures().getFloat(3, 400));
        assertArrayEquals(images.labels(), data.getLabels().argMax(1).toIntVector());
    }

    @Test
    void drawsWithoutReplacement() {
        DigitImages images = RenderedDigits.render(Split.TRAIN, 30, 1);
        DigitImages drawn = images.draw(20, new Random(1));
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < drawn.size(); i++) {
            seen.add(ByteBuffer.wrap(drawn.pixels(i)));
        }
        assertEquals(20, seen.size());
        assertEquals(30, images.draw(40, new Random(1)).size());
        assertFalse(Arrays.equals(images.labels(), images.draw(30, new Random(1)).labels()));
    }

    @Test
    void aSmoothStrokePassesThroughItsPoints() {
        Stroke stroke = Stroke.parse("~ 0,0 .5,1 1,0");
        assertEquals(13, stroke.line().size());
        assertArrayEquals(new double[] {0, 0}, stroke.line().get(0));
        assertArrayEquals(new double[] {.5, 1}, stroke.line().get(6));
        assertArrayEquals(new double[] {1, 0}, stroke.line().get(12));
        assertEquals(3, Stroke.parse("- 0,0 .5,1 1,0").line().size());
    }

    @Test
    void refusesWhatIsNoStrokeOrNoCount() {
        assertMessage(
                "stroke must be ~ or - and at least two points, got \"= 0,0 1,1\"",
                () -> Stroke.parse("= 0,0 1,1"));
        assertMessage("count must be >= 1, got 0", () -> RenderedDigits.render(Split.TRAIN, 0, 1));
    }

    private static void assertMessage(String message, Runnable action) {
        var error = assertThrows(IllegalArgumentException.class, action::run);
        assertEquals(message, error.getMessage());
    }
}
