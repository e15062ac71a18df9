package org.learningdynamics.export;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses pages with Zstandard and reads those of Zstandard, Snappy and gzip. Parquet's own
 * factory does all of it through Hadoop, which is not needed for anything else.
 */
final class ParquetCodecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("compression to write must be ZSTD, got " + codec);
        }
        return new ZstandardCompressor();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> new PageDecompressor((bytes, size) -> bytes);
            case ZSTD -> new PageDecompressor(Zstd::decompress);
            case SNAPPY -> new PageDecompressor((bytes, size) -> Snappy.uncompress(bytes));
            case GZIP -> new PageDecompressor(ParquetCodecs::gunzip);
            default ->
                    throw new IllegalArgumentException(
                            "compression must be UNCOMPRESSED, ZSTD, SNAPPY or GZIP, got " + codec);
        };
    }

    private static byte[] gunzip(byte[] bytes, int size) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readNBytes(size);
        }
    }

    @Override
    public void release() {
        // Nothing is held between pages.
    }

    /** Compresses one page at a time. */
    private static final class ZstandardCompressor implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            return BytesInput.from(Zstd.compress(page.toInputStream().readAllBytes()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {
            // Nothing is held between pages.
        }
    }

    /** Turns the bytes of a page into those it had. */
    @FunctionalInterface
    private interface Inflater {
        byte[] inflate(byte[] bytes, int size) throws IOException;
    }

    /** Decompresses one page at a time. */
    private record PageDecompressor(Inflater inflater) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            return BytesInput.from(exactly(page.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer page, int compressed, ByteBuffer out, int size)
                throws IOException {
            byte[] bytes = new byte[compressed];
            page.get(bytes);
            out.put(exactly(bytes, size));
        }

        private byte[] exactly(byte[] bytes, int size) throws IOException {
            byte[] page = inflater.inflate(bytes, size);
            if (page.length != size) {
                throw new IOException("a page must have " + size + " bytes, got " + page.length);
            }
            return page;
        }

        @Override
        public void release() {
            // Nothing is held between pages.
        }
    }
}
