package org.learningdynamics.samples.digits;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The ways to write each digit, from the bundled {@code strokes.txt}. */
final class Glyphs {
    private static final String FILE = "strokes.txt";

    private final List<List<List<Stroke>>> ways = new ArrayList<>(); // [digit][way][stroke]

    private Glyphs(String text) {
        for (int digit = 0; digit < DigitImages.CLASSES; digit++) {
            ways.add(new ArrayList<>());
        }
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::add);
    }

    static Glyphs load() {
        try (InputStream in = Glyphs.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("class path must hold " + FILE);
            }
            return new Glyphs(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }

    private void add(String line) {
        String strokes = line.substring(1);
        ways.get(line.charAt(0) - '0')
                .add(Arrays.stream(strokes.split(";", -1)).map(Stroke::parse).toList());
    }

    int ways(int digit) {
        return ways.get(digit).size();
    }

    List<Stroke> strokes(int digit, int way) {
        return ways.get(digit).get(way);
    }
}
