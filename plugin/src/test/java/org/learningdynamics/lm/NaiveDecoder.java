package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The decoder's mathematics, one row and one position at a time, in plain Java. */
final class NaiveDecoder {
    private final DecoderModel model;
    private final DecoderConfig config;
    private final DecoderArchitecture family;
    private final Map<String, INDArray> arrays;
    private final int d;

    NaiveDecoder(DecoderModel model) {
        this.model = model;
        config = model.config();
        family = config.architecture();
        d = config.width();
        arrays = new HashMap<>(model.base().parameters());
        arrays.putAll(model.parameters());
    }

    /** Logits of one row // [length, vocabulary]. */
    double[][] logits(int[] ids) {
        double[][] embedding = matrix("tok_embedding");
        double[][] x =
                Arrays.stream(ids).mapToObj(id -> embedding[id].clone()).toArray(double[][]::new);
        if (family.positions() == PositionKind.LEARNED) {
            addTo(x, matrix("pos_embedding"));
        }
        for (int block = 0; block < config.layers(); block++) {
            String at = "block" + block + "/";
            double[][] input = copy(x);
            addTo(x, attention(at, norm(input, at + "attention/norm")));
            double[][] read = family.parallelResidual() ? input : copy(x);
            addTo(x, feedForward(at, norm(read, at + "feed_forward/norm")));
        }
        double[][] hidden = norm(x, "final_norm");
        return times(
                hidden, config.head() == HeadKind.TIED ? transpose(embedding) : matrix("head"));
    }

    private double[][] norm(double[][] x, String gain) {
        double[] g = matrix(gain)[0];
        boolean isLayer = family.norm() == NormKind.LAYER;
        double[] shift = isLayer ? matrix(gain + "_bias")[0] : new double[d];
        double[][] y = new double[x.length][d];
        for (int t = 0; t < x.length; t++) {
            double mean = isLayer ? Arrays.stream(x[t]).sum() / d : 0;
            double square = Arrays.stream(x[t]).map(v -> (v - mean) * (v - mean)).sum() / d;
            for (int j = 0; j < d; j++) {
                double unit = (x[t][j] - mean) / Math.sqrt(square + family.normEpsilon());
                y[t][j] = unit * g[j] + shift[j];
            }
        }
        return y;
    }

    private double[][] attention(String at, double[][] x) {
        int h = config.headWidth();
        int group = config.heads() / config.keyValueHeads();
        double[][][] qkv = queriesKeysValues(at + "attention/", x);
        double[][] joined = new double[x.length][config.heads() * h];
        for (int head = 0; head < config.heads(); head++) {
            int shared = head / group * h;
            for (int t = 0; t < x.length; t++) {
                double[] q = rotated(qkv[0][t], head * h, t);
                double[] weights = new double[t + 1];
                for (int s = 0; s <= t; s++) {
                    weights[s] = dot(q, rotated(qkv[1][s], shared, s)) / Math.sqrt(h);
                }
                softmax(weights);
                for (int s = 0; s <= t; s++) {
                    for (int j = 0; j < h; j++) {
                        joined[t][head * h + j] += weights[s] * qkv[2][s][shared + j];
                    }
                }
            }
        }
        return linear(joined, at + "attention/wo", family.attentionOutputBias());
    }

    private double[][][] queriesKeysValues(String at, double[][] x) {
        boolean biased = family.queryKeyValueBias();
        if (family.separateProjections()) {
            return new double[][][] {
                linear(x, at + "wq", biased),
                linear(x, at + "wk", biased),
                linear(x, at + "wv", biased)
            };
        }
        int columns = config.heads() * config.headWidth();
        double[][] all = linear(x, at + "wqkv", biased);
        double[][][] parts = new double[3][x.length][];
        for (int part = 0; part < 3; part++) {
            for (int t = 0; t < x.length; t++) {
                parts[part][t] = Arrays.copyOfRange(all[t], part * columns, (part + 1) * columns);
            }
        }
        return parts;
    }

    private double[] rotated(double[] row, int from, int position) {
        double[] y = Arrays.copyOfRange(row, from, from + config.headWidth());
        if (family.positions() == PositionKind.LEARNED) {
            return y;
        }
        int half = (int) (config.headWidth() * family.rotaryFraction()) / 2;
        for (int j = 0; j < half; j++) {
            double turn = position / family.rotaryScale();
            double angle = turn / Math.pow(config.rotaryBase(), (double) j / half);
            double a = row[from + j];
            double b = row[from + half + j];
            y[j] = a * Math.cos(angle) - b * Math.sin(angle);
            y[half + j] = b * Math.cos(angle) + a * Math.sin(angle);
        }
        return y;
    }

    private double[][] feedForward(String at, double[][] x) {
        boolean biased = family.feedForwardBias();
        double[][] wide = linear(x, at + "feed_forward/w1", biased);
        boolean gated = family.feedForward() == FeedForwardKind.GATED;
        double[][] gate = gated ? linear(x, at + "feed_forward/w_gate", biased) : wide;
        double[][] active = new double[wide.length][wide[0].length];
        for (int t = 0; t < wide.length; t++) {
            for (int j = 0; j < wide[t].length; j++) {
                active[t][j] = active(gate[t][j]) * (gated ? wide[t][j] : 1);
            }
        }
        return linear(active, at + "feed_forward/w2", biased);
    }

    private double[][] linear(double[][] x, String name, boolean biased) {
        double[][] y = times(x, matrix(name));
        if (arrays.containsKey(name + "_lora_a")) {
            LoraConfig lora = model.adapters().orElseThrow();
            double[][] low = times(times(x, matrix(name + "_lora_a")), matrix(name + "_lora_b"));
            for (double[] row : low) {
                Arrays.setAll(row, j -> row[j] * lora.alpha() / lora.rank());
            }
            addTo(y, low);
        }
        if (biased) {
            double[] b = matrix(name.replaceFirst("/w([^/]*)$", "/b$1"))[0];
            for (double[] row : y) {
                Arrays.setAll(row, j -> row[j] + b[j]);
            }
        }
        return y;
    }

    private double active(double x) {
        return switch (config.activation()) {
            case GELU -> x / (1 + Math.exp(-1.702f * x));
            case GELU_EXACT -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            case GELU_TANH ->
                    x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
            case SWISH -> x / (1 + Math.exp(-x));
            case SQUARED_RELU -> x > 0 ? x * x : 0;
        };
    }

    /** By its power series, which converges everywhere and fast enough below 4. */
    static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return Math.abs(x) > 4 ? Math.signum(x) : 2 / Math.sqrt(Math.PI) * sum;
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
        return Objects.requireNonNull(arrays.get(name), name).toDoubleMatrix();
    }

    private static double[][] copy(double[][] x) {
        return Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
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
