package org.learningdynamics.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * What a task gives back: a result and the files that training left, compressed.
 *
 * @param row the result
 * @param files compressed bytes by their place in the sweep's folder
 * @param problem why the files are not there; empty if they are
 */
record TrainedCandidate(ResultRow row, TreeMap<String, byte[]> files, String problem)
        implements Serializable {
    /** What an array holds. */
    private static final long LONGEST = Integer.MAX_VALUE - 16L;

    private static final String UNFINISHED = ".tmp";

    /**
     * Packs everything under a folder.
     *
     * @param most bytes that may be given back
     * @throws ResultTooLarge if it is more
     */
    static TrainedCandidate pack(ResultRow row, Path folder, long most) throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        long left = most;
        for (Path file : filesOf(folder)) {
            byte[] bytes = compress(file, left);
            left -= bytes.length;
            files.put(folder.relativize(file).toString().replace('\\', '/'), bytes);
        }
        return new TrainedCandidate(row, files, "");
    }

    /** A result that is of no use: Spark is not to train the candidate again in vain. */
    static TrainedCandidate withoutFiles(ResultRow row, String problem) {
        return new TrainedCandidate(row, new TreeMap<>(), problem);
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static byte[] compress(Path file, long most) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(new Bounded(bytes, most))) {
            Files.copy(file, packed);
        }
        return bytes.toByteArray();
    }

    /** Puts the files at their places, each whole or not at all. */
    void write(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path place = folder.resolve(file.getKey());
            Path unfinished = place.resolveSibling(place.getFileName() + UNFINISHED);
            try (InputStream bytes =
                    new GZIPInputStream(new ByteArrayInputStream(file.getValue()))) {
                Files.copy(bytes, unfinished, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** More bytes than a task may give back. */
    static final class ResultTooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        ResultTooLarge() {
            super("more bytes than a task may give back");
        }
    }

    /** Ends before the memory does. */
    private static final class Bounded extends FilterOutputStream {
        private long left;

        Bounded(OutputStream bytes, long most) {
            super(bytes);
            left = Math.min(most, LONGEST);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new ResultTooLarge();
            }
            out.write(bytes, from, length);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }
    }
}
