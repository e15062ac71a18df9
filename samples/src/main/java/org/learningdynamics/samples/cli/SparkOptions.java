package org.learningdynamics.samples.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.spark.SparkCluster;
import picocli.CommandLine.Option;

/** {@code --spark}: the same work as tasks of a cluster. */
final class SparkOptions {
    @Option(
            names = "--spark",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "MASTER",
            description =
                    "Works in tasks of Spark: local[N], spark://HOST:PORT, yarn. Without a value,"
                            + " by the master that spark-submit was given.")
    private @Nullable String master;

    boolean isGiven() {
        return master != null;
    }

    /** Spark is the cluster's or the user's, not part of the jar. */
    void requirePresent() {
        if (isGiven() && !SparkCluster.isOnClassPath()) {
            throw new IllegalArgumentException(
                    "--spark needs Spark 3.5, which is not on the class path: start by spark-submit"
                            + " --class "
                            + Dynamics.class.getName()
                            + " dynamics.jar ..., or put the jars of Spark on the class path");
        }
    }

    /** Where tasks leave tables, which has no default. */
    String requireTables(@Nullable String folder) {
        if (folder == null) {
            throw new IllegalArgumentException(
                    "--tables must name a folder that executors can write, with --spark, got none");
        }
        return folder;
    }

    SparkCluster connect(String name) {
        Optional<String> given = Optional.ofNullable(master).filter(text -> !text.isBlank());
        return SparkCluster.connect(given, name);
    }
}
