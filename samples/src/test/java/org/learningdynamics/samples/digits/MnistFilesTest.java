package org.learningdynamics.samples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.DataException;
import org.learningdynamics.samples.digits.RenderedDigits.Split;

class MnistFilesTest {
    private static final DigitImages GIVEN = RenderedDigits.render(Split.TRAIN, 3, 1);

    @TempDir Path folder;

    private static byte[] images(int magic, int count, int rows, int columns, int items) {
        ByteBuffer file = ByteBuffer.allocate(16 + items * DigitImages.PIXELS);
        file.putInt(magic).putInt(count).putInt(rows).putInt(columns);
        for (int i = 0; i < items; i++) {
            file.put(GIVEN.pixels(i % GIVEN.size()));
        }
        return file.array();
    }

    private static byte[] images() {
        return images(2051, 3, 28, 28, 3);
    }

    private static byte[] labels(int magic, int count, int... labels) {
        ByteBuffer file = ByteBuffer.allocate(8 + labels.length);
        file.putInt(magic).putInt(count);
        for (int label : labels) {
            file.put((byte) label);
        }
        return file.array();
    }

    private static byte[] labels() {
        return labels(2049, 3, 0, 1, 2);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private DigitImages read(byte[] images, byte[] labels) throws IOException {
        return MnistFiles.read(write("images", images), write("labels", labels));
    }

    private static void assertGiven(DigitImages read) {
        assertArrayEquals(GIVEN.labels(), read.labels());
        for (int i = 0; i < GIVEN.size(); i++) {
            assertArrayEquals(GIVEN.pixels(i), read.pixels(i));
        }
    }

    @Test
    void readsPlainAndCompressedFilesWhateverTheirNames() throws IOException {
        assertGiven(read(images(), labels()));
        assertGiven(read(gzip(images()), gzip(labels())));
    }

    @Test
    void findsTheFilesOfASplitInAFolder() throws IOException {
        write("train-images-idx3-ubyte", images());
        write("train-labels-idx1-ubyte.gz", gzip(labels()));
        assertGiven(MnistFiles.read(folder, Split.TRAIN));
        var error = assertThrows(DataException.class, () -> MnistFiles.read(folder, Split.TEST));
        assertEquals(
                folder + " must hold t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz",
                error.getMessage());
    }

    @Test
    void refusesImagesThatAreNotWhatTheHeaderSays() {
        assertRefused("images: magic number must be 2051, got 2049", images(2049, 3, 28, 28, 3));
        assertRefused("images: number of items must be >= 1, got 0", images(2051, 0, 28, 28, 0));
        assertRefused("images: number of items must be >= 1, got -1", images(2051, -1, 28, 28, 3));
        assertRefused("images: pixels a side must be 28, got 32", images(2051, 3, 32, 28, 3));
        assertRefused("images: pixels a side must be 28, got -28", images(2051, 3, 28, -28, 3));
        assertRefused(
                "images: must hold the 2147483647 items its header says, got 3",
                images(2051, Integer.MAX_VALUE, 28, 28, 3));
        assertRefused(
                "images: must end after the 2 items its header says, got more",
                images(2051, 2, 28, 28, 3));
        assertRefused("images: header must have 16 bytes, got 0", new byte[0]);
        assertRefused("images: header must have 16 bytes, got 7", new byte[7]);
        assertRefused(
                "images: must hold the 3 items its header says, got 2",
                Arrays.copyOf(images(), images().length - 1));
    }

    @Test
    void refusesLabelsThatAreNotWhatTheHeaderSays() {
        assertLabelsRefused("labels: magic number must be 2049, got 2051", labels(2051, 3, 0, 1));
        assertLabelsRefused("labels: label must be in [0, 10), got 10 for image 1", 0, 10, 2);
        assertLabelsRefused("labels: label must be in [0, 10), got 255 for image 2", 0, 1, -1);
        assertLabelsRefused("labels: must have one label an image, got 2 labels for 3", 0, 1);
        assertLabelsRefused(
                "labels: must hold the 3 items its header says, got 2", labels(2049, 3, 0, 1));
    }

    @Test
    void refusesDamagedCompression() throws IOException {
        byte[] whole = gzip(images());
        byte[] broken = Arrays.copyOf(whole, whole.length / 2);
        assertRefused("images: compressed data must be whole", broken);
        byte[] flipped = whole.clone();
        flipped[whole.length - 6] ^= 1; // the checksum
        assertRefused("images: compressed data must be whole", flipped);
    }

    private void assertLabelsRefused(String message, int... digits) {
        assertLabelsRefused(message, labels(2049, digits.length, digits));
    }

    private void assertLabelsRefused(String message, byte[] labels) {
        assertRefused(message, images(), labels);
    }

    private void assertRefused(String message, byte[] images) {
        assertRefused(message, images, labels());
    }

    private void assertRefused(String message, byte[] images, byte[] labels) {
        var error = assertThrows(DataException.class, () -> read(images, labels));
        assertTrue(
                error.getMessage().startsWith(folder.resolve(message).toString()),
                error::getMessage);
    }
}
