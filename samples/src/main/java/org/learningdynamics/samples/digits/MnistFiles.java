package org.learningdynamics.samples.digits;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.learningdynamics.data.DataException;

/**
 * Reads images and labels of the MNIST database in its IDX format, plain or compressed by gzip
 * (told by the first bytes, whatever the name).
 *
 * <p>A header that does not fit the rest of its file is refused, naming file, rule and value; no
 * more is kept in memory than the file holds.
 */
public final class MnistFiles {
    private static final int IMAGES = 0x00000803; // unsigned bytes, three dimensions
    private static final int LABELS = 0x00000801; // unsigned bytes, one dimension
    private static final int GZIP = 0x1f8b;

    private MnistFiles() {}

    /**
     * Reads a pair of files from a folder, under MNIST's names ({@code train-images-idx3-ubyte},
     * {@code t10k-labels-idx1-ubyte}, …), with or without {@code .gz}.
     *
     * @param folder where they are
     * @param split {@code train} or {@code t10k} files
     * @return the images
     * @throws DataException if a file is missing or not what it says
     */
    public static DigitImages read(Path folder, RenderedDigits.Split split) {
        String prefix = split == RenderedDigits.Split.TRAIN ? "train" : "t10k";
        return read(
                find(folder, prefix + "-images-idx3-ubyte"),
                find(folder, prefix + "-labels-idx1-ubyte"));
    }

    private static Path find(Path folder, String name) {
        for (String ending : List.of("", ".gz")) {
            Path file = folder.resolve(name + ending);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new DataException(folder + " must hold " + name + " or " + name + ".gz");
    }

    /**
     * Reads one pair of files.
     *
     * @param images file of images of 28 × 28 pixels
     * @param labels file of their digits
     * @return the images
     * @throws DataException if a file cannot be read or is not what its header says
     */
    public static DigitImages read(Path images, Path labels) {
        List<byte[]> pixels = items(images, IMAGES, DigitImages.SIDE, DigitImages.SIDE);
        List<byte[]> digits = items(labels, LABELS);
        if (pixels.size() != digits.size()) {
            throw new DataException(
                    labels
                            + ": must have one label an image, got "
                            + digits.size()
                            + " labels for "
                            + pixels.size()
                            + " images of "
                            + images);
        }
        int[] classes = new int[digits.size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = digit(labels, i, digits.get(i)[0] & 0xff);
        }
        return new DigitImages(pixels.toArray(byte[][]::new), classes);
    }

    private static int digit(Path file, int item, int value) {
        if (value >= DigitImages.CLASSES) {
            throw new DataException(
                    file + ": label must be in [0, 10), got " + value + " for image " + item);
        }
        return value;
    }

    private static List<byte[]> items(Path file, int magic, int... shape) {
        try (InputStream in = open(file)) {
            int count = header(file, in, magic, shape);
            int size = 1;
            for (int length : shape) {
                size *= length;
            }
            return items(file, in, count, size);
        } catch (EOFException | ZipException e) {
            throw new DataException(file + ": compressed data must be whole: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            in.mark(2);
            int first = (in.read() << 8) | in.read();
            in.reset();
            return first == GZIP ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static int header(Path file, InputStream in, int magic, int[] shape)
            throws IOException {
        int length = 4 * (2 + shape.length);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new DataException(
                    file + ": header must have " + length + " bytes, got " + bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        require(file, "magic number", magic, header.getInt());
        int count = header.getInt();
        if (count < 1) {
            throw new DataException(file + ": number of items must be >= 1, got " + count);
        }
        for (int side : shape) {
            require(file, "pixels a side", side, header.getInt());
        }
        return count;
    }

    private static void require(Path file, String what, int rule, int value) {
        if (value != rule) {
            throw new DataException(file + ": " + what + " must be " + rule + ", got " + value);
        }
    }

    private static List<byte[]> items(Path file, InputStream in, int count, int size)
            throws IOException {
        List<byte[]> items = new ArrayList<>();
        while (items.size() < count) {
            byte[] item = in.readNBytes(size);
            if (item.length < size) {
                throw new DataException(
                        file
                                + ": must hold the "
                                + count
                                + " items its header says, got "
                                + items.size());
            }
            items.add(item);
        }
        if (in.read() >= 0) {
            throw new DataException(
                    file + ": must end after the " + count + " items its header says, got more");
        }
        return items;
    }
}
