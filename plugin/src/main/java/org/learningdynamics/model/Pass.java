package org.learningdynamics.model;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;

/**
 * One forward and backward pass.
 *
 * @param workspaces for calls of the host's layers
 * @param factors where gradients go
 * @param trained true for the gradients that the host trains with, false for derivatives; they
 *     differ where the host lets errors through masked steps of a sequence
 */
record Pass(LayerWorkspaceMgr workspaces, RowFactors factors, boolean trained) {
    /** N. */
    int rows() {
        return factors.rows();
    }
}
