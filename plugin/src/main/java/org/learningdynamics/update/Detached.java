package org.learningdynamics.update;

import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that outlive the host's workspaces. */
final class Detached {
    private Detached() {}

    /** Runs something so that the arrays it creates belong to no workspace. */
    @SuppressWarnings("try")
    static <T> T compute(Supplier<T> body) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return body.get();
        }
    }

    /** Closes all and empties the map. */
    static void closeAll(Map<?, INDArray> arrays) {
        closeAll(arrays.values());
        arrays.clear();
    }

    /** Closes all. */
    static void closeAll(Collection<INDArray> arrays) {
        arrays.forEach(INDArray::close);
    }
}
