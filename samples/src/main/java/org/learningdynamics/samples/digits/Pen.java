package org.learningdynamics.samples.digits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * How one image is written: the writer's slant and size, the pen's width and softness, the ink and
 * the paper's grain. All drawn from one source of chance.
 */
final class Pen {
    private static final double BOX = 20; // pixels of the unit box, as in MNIST
    private static final double MIDDLE = (DigitImages.SIDE - 1) / 2.0;
    private static final double WOBBLE = .02;
    private static final double TURN = .13;
    private static final double SLANT = .16;
    private static final double SHIFT = 2;
    private static final double GRAIN = .06;

    private final Random random;
    private final double[] matrix; // xx xy yx yy, pixels a unit
    private final double right;
    private final double down;
    private final double radius;
    private final double softness;
    private final double ink;
    private final double grain;

    Pen(Random random) {
        this.random = random;
        double width = BOX * between(.75, 1.05);
        double height = BOX * between(.85, 1.08);
        double turn = TURN * random.nextGaussian();
        double slant = SLANT * random.nextGaussian();
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        // Scale, then lean over, then turn.
        matrix =
                new double[] {
                    cos * width,
                    -(cos * slant + sin) * height,
                    sin * width,
                    (cos - sin * slant) * height
                };
        right = MIDDLE + between(-SHIFT, SHIFT);
        down = MIDDLE + between(-SHIFT, SHIFT);
        radius = between(.7, 1.5);
        softness = between(.7, 1.7);
        ink = between(.75, 1);
        grain = between(0, GRAIN);
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Writes strokes on clean paper. */
    byte[] write(List<Stroke> strokes) {
        double[] distance =
                new double[DigitImages.PIXELS]; // squared; far from any line, without bound
        Arrays.fill(distance, Double.MAX_VALUE);
        for (Stroke stroke : strokes) {
            List<double[]> line = new Stroke(stroke.smooth(), wobbled(stroke)).line();
            for (int i = 0; i + 1 < line.size(); i++) {
                approach(distance, line.get(i), line.get(i + 1));
            }
        }
        byte[] image = new byte[DigitImages.PIXELS];
        for (int p = 0; p < image.length; p++) {
            image[p] = grey(Math.sqrt(distance[p]));
        }
        return image;
    }

    private List<double[]> wobbled(Stroke stroke) {
        List<double[]> points = new ArrayList<>();
        for (double[] point : stroke.points()) {
            double x = point[0] - .5 + WOBBLE * random.nextGaussian();
            double y = point[1] - .5 + WOBBLE * random.nextGaussian();
            points.add(
                    new double[] {
                        right + matrix[0] * x + matrix[1] * y, down + matrix[2] * x + matrix[3] * y
                    });
        }
        return points;
    }

    /** Lowers the distance of the pixels around a straight piece to its own, if it is nearer. */
    private void approach(double[] distance, double[] from, double[] to) {
        double reach = radius + softness;
        for (int y = low(from[1], to[1], reach); y <= high(from[1], to[1], reach); y++) {
            for (int x = low(from[0], to[0], reach); x <= high(from[0], to[0], reach); x++) {
                int pixel = y * DigitImages.SIDE + x;
                distance[pixel] = Math.min(distance[pixel], squared(x, y, from, to));
            }
        }
    }

    private static int low(double from, double to, double reach) {
        return Math.max(0, (int) Math.floor(Math.min(from, to) - reach));
    }

    private static int high(double from, double to, double reach) {
        return Math.min(DigitImages.SIDE - 1, (int) Math.ceil(Math.max(from, to) + reach));
    }

    private static double squared(int x, int y, double[] from, double[] to) {
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double length = Math.max(dx * dx + dy * dy, Double.MIN_NORMAL);
        double share = ((x - from[0]) * dx + (y - from[1]) * dy) / length;
        double along = Math.min(1, Math.max(0, share));
        double offX = x - from[0] - along * dx;
        double offY = y - from[1] - along * dy;
        return offX * offX + offY * offY;
    }

    /** Full ink within the pen's radius, none beyond its soft edge. */
    private byte grey(double distance) {
        double covered = Math.min(1, Math.max(0, (radius - distance) / softness + .5));
        double value = ink * covered + grain * random.nextGaussian();
        return (byte) Math.round(255 * Math.min(1, Math.max(0, value)));
    }
}
