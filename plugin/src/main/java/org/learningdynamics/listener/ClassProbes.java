package org.learningdynamics.listener;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples with class labels, watched in a classifier.
 *
 * <p>The features are copied; probe ids count from 0 in the order of the rows. A model that gives
 * logits for every position of a sequence is read at the last position that the mask leaves, unless
 * there are labels for each position.
 *
 * <p>Serialisable: what is read back is built anew from features, masks and labels and has the same
 * digest.
 */
public final class ClassProbes extends Probes implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Kind of the probe's own label. */
    public static final String LABEL = "label";

    /** Default of {@link Builder#batchSize}. */
    public static final int DEFAULT_BATCH_SIZE = 256;

    /** Default of {@link Builder#setName}. */
    public static final String DEFAULT_SET_NAME = "probes";

    private final transient ClassProbesForm form;

    private ClassProbes(
            List<ProbeRow> probeRows,
            List<ResponseRow> responseRows,
            String digest,
            List<ProbeBatch> batches,
            ClassProbesForm form) {
        super(probeRows, responseRows, digest, batches);
        this.form = form;
    }

    private Object writeReplace() {
        return form.filled(batches());
    }

    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("probes must be read from their serial form");
    }

    /**
     * Starts with the features.
     *
     * @param features one array a model input, examples along the first dimension // [N, …]
     * @return a builder
     * @throws IllegalArgumentException if there is none, or their N differ
     */
    public static Builder builder(INDArray... features) {
        return new Builder(List.of(features));
    }

    /** Collects the settings of {@link ClassProbes}. */
    public static final class Builder {
        private final List<INDArray> features;
        private List<INDArray> masks = List.of();
        private int @Nullable [][] labels;
        private @Nullable List<String> classNames;
        private ClassKinds kinds = ClassKinds.LABEL;
        private String setName = DEFAULT_SET_NAME;
        private int batchSize = DEFAULT_BATCH_SIZE;

        private Builder(List<INDArray> features) {
            this.features = features;
            if (features.isEmpty()) {
                throw new IllegalArgumentException("features must hold at least one array, got 0");
            }
            features.forEach(array -> requireRows("features", array));
        }

        private void requireRows(String name, INDArray array) {
            long rows = features.get(0).size(0);
            if (array.rank() < 2 || array.size(0) != rows) {
                throw new IllegalArgumentException(
                        name
                                + " must have shape ["
                                + rows
                                + ", ...], got "
                                + Arrays.toString(array.shape()));
            }
        }

        /**
         * One class for each example.
         *
         * @param classes class indices // [N]
         * @return this builder
         */
        public Builder labels(int... classes) {
            int[][] columns = new int[classes.length][];
            Arrays.setAll(columns, i -> new int[] {classes[i]});
            return perPosition(columns);
        }

        /**
         * One class for each position of each example; {@link TokenBatch#IGNORED} where there is
         * none.
         *
         * @param classes class indices // [N, T]
         * @return this builder
         */
        public Builder labelsPerPosition(int[][] classes) {
            int[][] copy = new int[classes.length][];
            Arrays.setAll(copy, i -> classes[i].clone());
            return perPosition(copy);
        }

        /**
         * Labels as DL4J takes them.
         *
         * @param oneHot exactly one 1 in each row, else 0 // [N, V]
         * @return this builder
         * @throws IllegalArgumentException if a row is not one-hot
         */
        public Builder oneHot(INDArray oneHot) {
            requireRows("oneHot", oneHot);
            int[] classes = new int[(int) oneHot.size(0)];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = hot(i, oneHot.getRow(i).toDoubleVector());
            }
            return labels(classes);
        }

        private static int hot(int row, double[] values) {
            int hot = -1;
            for (int v = 0; v < values.length; v++) {
                boolean one = values[v] == 1;
                if ((!one && values[v] != 0) || (one && hot >= 0)) {
                    hot = -1;
                    break;
                }
                hot = one ? v : hot;
            }
            if (hot < 0) {
                throw new IllegalArgumentException(
                        "oneHot must have exactly one 1 in each row, else 0, got "
                                + Arrays.toString(values)
                                + " in row "
                                + row);
            }
            return hot;
        }

        private Builder perPosition(int[][] classes) {
            if (classes.length != features.get(0).size(0)) {
                throw new IllegalArgumentException(
                        "labels must be one an example ("
                                + features.get(0).size(0)
                                + "), got "
                                + classes.length);
            }
            this.labels = classes;
            return this;
        }

        /**
         * Feature masks, one a feature array.
         *
         * @param featureMasks 1 where there is input, 0 in padding // each [N, T]
         * @return this builder
         */
        public Builder masks(INDArray... featureMasks) {
            for (INDArray mask : featureMasks) {
                requireRows("masks", mask);
            }
            this.masks = List.of(featureMasks);
            return this;
        }

        /**
         * Names of the classes; without them they are called by their index.
         *
         * @param names names by class index // [V]
         * @return this builder
         */
        public Builder classNames(String... names) {
            this.classNames = List.of(names);
            return this;
        }

        /**
         * Which classes are recorded.
         *
         * @param recorded the label by default; {@code EVERY_CLASS} needs class names
         * @return this builder
         */
        public Builder kinds(ClassKinds recorded) {
            this.kinds = recorded;
            return this;
        }

        /**
         * The name of the set in the run file.
         *
         * @param name the name; default {@value #DEFAULT_SET_NAME}
         * @return this builder
         */
        public Builder setName(String name) {
            this.setName = name;
            return this;
        }

        /**
         * Examples of one forward pass at most.
         *
         * @param rows at least 1; default {@value #DEFAULT_BATCH_SIZE}
         * @return this builder
         * @throws IllegalArgumentException if rows is less than 1
         */
        public Builder batchSize(int rows) {
            if (rows < 1) {
                throw new IllegalArgumentException("batchSize must be >= 1, got " + rows);
            }
            this.batchSize = rows;
            return this;
        }

        /**
         * Copies the features.
         *
         * @return the probes
         * @throws IllegalStateException if labels are missing, or the class names that {@code
         *     EVERY_CLASS} needs
         * @throws IllegalArgumentException if a label is no class, or an example has none
         */
        public ClassProbes build() {
            if (labels == null) {
                throw new IllegalStateException("labels must be given before build()");
            }
            ClassLabels named =
                    new ClassLabels(labels, classNames, kinds == ClassKinds.EVERY_CLASS);
            List<ProbeRow> probeRows = new ArrayList<>();
            List<ResponseRow> responseRows = new ArrayList<>();
            Sha256 all = new Sha256();
            for (int i = 0; i < labels.length; i++) {
                String digest = digest(i, labels[i]);
                all.add(digest);
                probeRows.add(new ProbeRow(i, digest, setName, "example " + i));
                responseRows.addAll(named.responses(i));
            }
            return new ClassProbes(
                    probeRows, responseRows, all.hex(), batches(named), form(labels));
        }

        private ClassProbesForm form(int[][] classes) {
            List<String> names = classNames == null ? List.of() : classNames;
            return new ClassProbesForm(
                    List.of(), List.of(), List.of(classes), names, kinds, setName, batchSize);
        }

        private String digest(int row, int[] classes) {
            Sha256 sha = new Sha256().add(classes);
            for (List<INDArray> arrays : List.of(features, masks)) {
                for (INDArray array : arrays) {
                    INDArray slice = array.slice(row);
                    sha.add(slice.shape()).add(slice.dup('c').data().asDouble());
                }
            }
            return sha.hex();
        }

        private List<ProbeBatch> batches(ClassLabels named) {
            List<ProbeBatch> batches = new ArrayList<>();
            int rows = (int) features.get(0).size(0);
            for (int from = 0; from < rows; from += batchSize) {
                int to = Math.min(rows, from + batchSize);
                batches.add(RowSlice.of(from, to).batch(features, masks, named));
            }
            return Collections.unmodifiableList(batches);
        }
    }
}
