package org.learningdynamics.listener;

/** What {@link SameDiffDynamicsListener} does about wrong or missing gradients of its graph. */
public enum AuditMode {
    /** Nothing is looked at. */
    OFF,
    /** When training begins, errors and warnings are logged once and recorded as events. */
    WARN,
    /**
     * As {@link #WARN}, and a graph with errors is refused when the listener is built; define the
     * loss before.
     */
    THROW
}
