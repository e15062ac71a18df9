package org.learningdynamics.listener;

import java.util.List;
import org.learningdynamics.recording.FloatMatrix;

/** The rows of a batch and the examples they belong to. */
final class LearntExamples {
    private final int rows;
    private final RowLayout layout;
    private final List<Long> ids;

    LearntExamples(int rows, RowLayout layout, List<Long> ids) {
        this.rows = rows;
        this.layout = layout;
        this.ids = List.copyOf(ids);
        if (this.ids.size() != count()) {
            throw new IllegalStateException(
                    "exampleIds must give one id for each of the "
                            + count()
                            + " examples of the batch, got "
                            + this.ids.size());
        }
    }

    int rows() {
        return rows;
    }

    /** Number of examples. */
    int count() {
        return layout.examples(rows);
    }

    boolean isPart(int row) {
        return !part(row).isEmpty();
    }

    String part(int row) {
        return layout.part(row, count());
    }

    int position(int row) {
        return layout.position(row, count());
    }

    long id(int row) {
        return ids.get(position(row));
    }

    /** Rows added up by example. */
    FloatMatrix sums(double[] values) {
        double[] sums = new double[count()];
        for (int row = 0; row < rows; row++) {
            if (isPart(row)) {
                sums[position(row)] += values[row];
            }
        }
        return FloatMatrix.ofRows(sums.length, sums);
    }

    /** Each row's share of what its example did to itself; the shares of an example add up. */
    double[] selfInfluence(double[][] gram) {
        double[] self = new double[rows];
        for (int row = 0; row < rows; row++) {
            for (int other = 0; other < rows; other++) {
                if (isPart(row) && isPart(other) && position(row) == position(other)) {
                    self[row] += gram[row][other];
                }
            }
        }
        return self;
    }
}
