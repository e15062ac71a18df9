package org.learningdynamics.export;

/** One row of the reference's array: a measure of a response kind. */
record ReferenceSlot(String kind, ReferenceMeasure measure) {}
