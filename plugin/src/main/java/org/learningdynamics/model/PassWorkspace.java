package org.learningdynamics.model;

import java.util.function.Supplier;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory of one thread for what lives as long as a pass, used again by the next pass. Layers of the
 * host that ask for memory get it from here.
 */
final class PassWorkspace {
    private static final String LOOP = "_LOOP";
    private static final WorkspaceConfiguration CONFIGURATION =
            WorkspaceConfiguration.builder()
                    .initialSize(0)
                    .overallocationLimit(0.02)
                    .policyAllocation(AllocationPolicy.OVERALLOCATE)
                    .policyLearning(LearningPolicy.FIRST_LOOP)
                    .policyReset(ResetPolicy.BLOCK_LEFT)
                    .policySpill(SpillPolicy.REALLOCATE)
                    .build();

    private final String name;
    private final LayerWorkspaceMgr manager;

    PassWorkspace(String name) {
        this.name = name;
        manager =
                LayerWorkspaceMgr.builder()
                        .with(ArrayType.RNN_FF_LOOP_WORKING_MEM, name + LOOP, CONFIGURATION)
                        .with(ArrayType.RNN_BP_LOOP_WORKING_MEM, name + LOOP, CONFIGURATION)
                        .defaultWorkspace(name, CONFIGURATION)
                        .build();
    }

    /** Arrays made meanwhile end with the call, and so must not be what it returns. */
    @SuppressWarnings("try") // the scope is closed, not read
    <T> T inside(Supplier<T> work) {
        try (MemoryWorkspace open =
                Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, name)) {
            return work.get();
        }
    }

    /** For calls of the host's layers while it is open. */
    LayerWorkspaceMgr manager() {
        return manager;
    }

    /** Arrays made meanwhile belong to whoever gets them. */
    @SuppressWarnings("try") // the scope is closed, not read
    static <T> T outside(Supplier<T> work) {
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return work.get();
        }
    }

    /** Frees the calling thread's memory. */
    void destroy() {
        for (String each : new String[] {name, name + LOOP}) {
            if (Nd4j.getWorkspaceManager().checkIfWorkspaceExists(each)) {
                Nd4j.getWorkspaceManager()
                        .destroyWorkspace(
                                Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(each));
            }
        }
    }
}
