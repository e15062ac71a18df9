package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.recording.ResponseRow;

/** The labels of class probes with their kinds. */
final class ClassLabels {
    private final int[][] labels;
    private final @Nullable List<String> names;
    private final List<String> classKinds;

    /**
     * Checks labels against names.
     *
     * @param labels classes // [N][1] or [N][T]
     * @param names class names, if known
     * @param everyClass whether each class is a kind
     */
    ClassLabels(int[][] labels, @Nullable List<String> names, boolean everyClass) {
        this.labels = labels;
        this.names = names;
        this.classKinds = everyClass ? kindsOf(names) : List.of();
        for (int i = 0; i < labels.length; i++) {
            requireClasses(i, labels[i]);
        }
    }

    private static List<String> kindsOf(@Nullable List<String> names) {
        if (names == null) {
            throw new IllegalStateException("EVERY_CLASS needs classNames, got none");
        }
        if (names.contains(ClassProbes.LABEL) || new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "classNames must be unique and other than \""
                            + ClassProbes.LABEL
                            + "\", got "
                            + names);
        }
        return names;
    }

    private void requireClasses(int row, int[] classes) {
        int classCount = names == null ? Integer.MAX_VALUE : names.size();
        int tokens = 0;
        for (int c : classes) {
            if (c != TokenBatch.IGNORED && (c < 0 || c >= classCount)) {
                throw new IllegalArgumentException(
                        "label must be in [0, " + classCount + "), got " + c + " in row " + row);
            }
            tokens += c == TokenBatch.IGNORED ? 0 : 1;
        }
        if (tokens == 0) {
            throw new IllegalArgumentException("each example needs a label, row " + row + " has 0");
        }
        if (!classKinds.isEmpty() && classes.length != 1) {
            throw new IllegalArgumentException(
                    "EVERY_CLASS needs one label an example, row "
                            + row
                            + " has labels for "
                            + classes.length
                            + " positions");
        }
    }

    List<ResponseRow> responses(int probe) {
        int[] own = Arrays.stream(labels[probe]).filter(c -> c != TokenBatch.IGNORED).toArray();
        String text = String.join(" ", Arrays.stream(own).mapToObj(this::name).toList());
        List<ResponseRow> rows = new ArrayList<>();
        rows.add(new ResponseRow(probe, ClassProbes.LABEL, text, own.length));
        for (String kind : classKinds) {
            rows.add(new ResponseRow(probe, kind, kind, 1));
        }
        return rows;
    }

    private String name(int index) {
        return names == null ? Integer.toString(index) : names.get(index);
    }

    /** How the logits of a batch are read that begins with the given probe. */
    List<ProbeBatch.Reading> readings(int first, int[] lengths) {
        int[][] own = Arrays.copyOfRange(labels, first, first + lengths.length);
        List<ProbeBatch.Reading> readings = new ArrayList<>();
        Labels label =
                own[0].length > 1
                        ? Labels.perPosition(own)
                        : Labels.atEnd(Arrays.stream(own).mapToInt(c -> c[0]).toArray(), lengths);
        readings.add(new ProbeBatch.Reading(rowNames(first, lengths, ClassProbes.LABEL), label));
        for (int c = 0; c < classKinds.size(); c++) {
            int[] same = new int[lengths.length];
            Arrays.fill(same, c);
            List<ProbeBatch.RowName> rowNames = rowNames(first, lengths, classKinds.get(c));
            readings.add(new ProbeBatch.Reading(rowNames, Labels.atEnd(same, lengths)));
        }
        return readings;
    }

    private static List<ProbeBatch.RowName> rowNames(int first, int[] lengths, String kind) {
        List<ProbeBatch.RowName> names = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            names.add(new ProbeBatch.RowName(first + i, kind));
        }
        return names;
    }
}
