package org.learningdynamics.listener;

import java.util.List;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;

/**
 * What a listener watches: inputs with named responses. Immutable, its arrays made once; several
 * listeners may share it.
 */
public abstract sealed class Probes permits ClassProbes, TokenProbes {
    private final List<ProbeRow> probeRows;
    private final List<ResponseRow> responseRows;
    private final String digest;
    private final List<ProbeBatch> batches;

    Probes(
            List<ProbeRow> probeRows,
            List<ResponseRow> responseRows,
            String digest,
            List<ProbeBatch> batches) {
        this.probeRows = List.copyOf(probeRows);
        this.responseRows = List.copyOf(responseRows);
        this.digest = digest;
        this.batches = List.copyOf(batches);
    }

    /**
     * The probes as a run file knows them.
     *
     * @return one row a probe
     */
    public final List<ProbeRow> probeRows() {
        return probeRows;
    }

    /**
     * The responses as a run file knows them.
     *
     * @return one row a response; as many are measured at each recording
     */
    public final List<ResponseRow> responseRows() {
        return responseRows;
    }

    /**
     * SHA-256 over everything that is put to the model.
     *
     * @return hexadecimal digest
     */
    public final String digest() {
        return digest;
    }

    final List<ProbeBatch> batches() {
        return batches;
    }
}
