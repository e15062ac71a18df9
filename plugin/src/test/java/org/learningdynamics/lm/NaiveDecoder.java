package org.learningdynamics.lm;

import java.util.Arrays;

/** The decoder's mathematics, one row and one position at a time, in plain Java. */
final class NaiveDecoder {
    private final DecoderModel model;
    private final DecoderConfig config;
    private final int d;

    NaiveDecoder(DecoderModel model) {
        this.model = model;
        config = model.config();
        d = config.width();
    }

    /** Logits of one row // [length, vocabulary]. */
    double[][] logits(int[] ids) {
        double[][] embedding = matrix("tok_embedding");
        double[][] x =
                Arrays.stream(ids).mapToObj(id -> embedding[id].clone()).toArray(double[][]::new);
        for (int block = 0; block < config.layers(); block++) {
            String at = "block" + block + "/";
            addTo(x, attention(at, norm(x, at + "attention/norm")));
            addTo(x, feedForward(at, norm(x, at + "feed_forward/norm")));
        }
        double[][] hidden = norm(x, "final_norm");
        return times(
                hidden, config.head() == HeadKind.TIED ? transpose(embedding) : matrix("head"));
    }

    private double[][] norm(double[][] x, String gain) {
        double[] g = matrix(gain)[0];
        double[][] y = new double[x.length][d];
        for (int t = 0; t < x.length; t++) {
            double inverse = 1 / Math.sqrt(Arrays.stream(x[t]).map(v -> v * v).sum() / d + 1e-5);
            for (int j = 0; j < d; j++) {
                y[t][j] = x[t][j] * inverse * g[j];
            }
        }
        return y;
    }

    private double[][] attention(String at, double[][] x) {
        double[][] qkv = times(x, matrix(at + "attention/wqkv"));
        double[][] joined = new double[x.length][d];
        int h = config.headWidth();
        for (int head = 0; head < config.heads(); head++) {
            for (int t = 0; t < x.length; t++) {
                double[] q = rotated(qkv[t], head * h, t);
                double[] weights = new double[t + 1];
                for (int s = 0; s <= t; s++) {
                    weights[s] = dot(q, rotated(qkv[s], d + head * h, s)) / Math.sqrt(h);
                }
                softmax(weights);
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < h; j++) {
                        joined[t][head * h + j] += weights[s] * qkv[s][2 * d + head * h + j];
                    }
                }
            }
        }
        return times(joined, matrix(at + "attention/wo"));
    }

    private double[] rotated(double[] row, int from, int position) {
        int half = config.headWidth() / 2;
        double[] y = new double[2 * half];
        for (int j = 0; j < half; j++) {
            double angle = position / Math.pow(config.rotaryBase(), (double) j / half);
            double a = row[from + j];
            double b = row[from + half + j];
            y[j] = a * Math.cos(angle) - b * Math.sin(angle);
            y[half + j] = b * Math.cos(angle) + a * Math.sin(angle);
        }
        return y;
    }

    private double[][] feedForward(String at, double[][] x) {
        double[][] wide = times(x, matrix(at + "feed_forward/w1"));
        for (double[] row : wide) {
            for (int j = 0; j < row.length; j++) {
                row[j] = active(row[j]);
            }
        }
        return times(wide, matrix(at + "feed_forward/w2"));
    }

    private double active(double x) {
        return switch (config.activation()) {
            case GELU -> x / (1 + Math.exp(-1.702f * x));
            case SWISH -> x / (1 + Math.exp(-x));
            case SQUARED_RELU -> x > 0 ? x * x : 0;
        };
    }

    static void softmax(double[] x) {
        double max = Arrays.stream(x).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.exp(x[i] - max);
            sum += x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= sum;
        }
    }

    private double[][] matrix(String name) {
        return model.parameters().get(name).toDoubleMatrix();
    }

    private static void addTo(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int j = 0; j < x[t].length; j++) {
                x[t][j] += y[t][j];
            }
        }
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] columns = transpose(b);
        return Arrays.stream(a)
                .map(row -> Arrays.stream(columns).mapToDouble(c -> dot(row, c)).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
