package org.learningdynamics.samples.lessons;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.learningdynamics.data.TextSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Fisher's 150 irises: lengths and widths of sepals and petals in centimetres, 50 flowers of each
 * species. Source: R. A. Fisher, The Use of Multiple Measurements in Taxonomic Problems, 1936,
 * table I.
 */
public final class IrisTable {
    /** The species in the order of their classes. */
    public static final List<String> SPECIES = List.of("setosa", "versicolor", "virginica");

    private static final int MEASUREMENTS = 4;

    private IrisTable() {}

    /**
     * Reads the bundled table.
     *
     * @return measurements [150, 4] and one-hot species [150, 3], a species after the other
     */
    public static DataSet read() {
        List<String> lines = lines();
        DataSet table =
                new DataSet(
                        Nd4j.create(lines.size(), MEASUREMENTS),
                        Nd4j.create(lines.size(), SPECIES.size()));
        for (int row = 0; row < lines.size(); row++) {
            String[] fields = lines.get(row).split(",", -1);
            for (int column = 0; column < MEASUREMENTS; column++) {
                table.getFeatures().putScalar(row, column, Double.parseDouble(fields[column]));
            }
            table.getLabels().putScalar(row, SPECIES.indexOf(fields[MEASUREMENTS]), 1);
        }
        return table;
    }

    private static List<String> lines() {
        try (InputStream in = TextSource.resource(IrisTable.class, "iris.csv").open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
