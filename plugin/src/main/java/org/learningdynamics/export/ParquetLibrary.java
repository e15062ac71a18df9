package org.learningdynamics.export;

/** The library that Parquet needs, which is not everybody's. */
final class ParquetLibrary {
    private ParquetLibrary() {}

    static void require() {
        try {
            require("org.apache.parquet.hadoop.ParquetWriter");
            require("org.apache.hadoop.conf.Configuration");
        } catch (ClassNotFoundException e) {
            throw new ExchangeException(
                    "Parquet needs org.apache.parquet:parquet-hadoop and"
                            + " org.apache.hadoop:hadoop-client-api on the class path, got neither"
                            + " or one: "
                            + e.getMessage()
                            + " is missing",
                    e);
        }
    }

    /** Finds a class without running anything of it. */
    private static void require(String name) throws ClassNotFoundException {
        Class.forName(name, false, ParquetLibrary.class.getClassLoader());
    }
}
