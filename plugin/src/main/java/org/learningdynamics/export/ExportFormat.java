package org.learningdynamics.export;

/** What a run file can be exported as. */
public enum ExportFormat {
    /** One file {@code TABLE.csv} a table (RFC 4180). Can be imported. */
    CSV,
    /** One file {@code TABLE.jsonl} a table, one strict JSON object a row. Can be imported. */
    JSONL,
    /**
     * One NumPy array {@code TABLE.COLUMN.npy} a column. Texts are numbers of lines of {@code
     * TABLE.COLUMN.jsonl}.
     */
    NPY,
    /**
     * One file {@code TABLE.parquet} a table, compressed with Zstandard. Can be imported. Needs
     * {@code org.apache.parquet:parquet-hadoop} and {@code org.apache.hadoop:hadoop-client-api} on
     * the class path.
     */
    PARQUET,
    /** The files that the paper's reference code leaves and its notebook draws. */
    REFERENCE
}
