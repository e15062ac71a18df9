package org.learningdynamics.model;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.ops.impl.shape.Gather;

/** ND4J's own gather for a class of tests, whatever tests before it in this process installed. */
public final class PlainGather implements BeforeAllCallback, AfterAllCallback {
    private boolean wasInstalled;

    @Override
    public void beforeAll(ExtensionContext context) {
        wasInstalled = GradientRepairs.isGatherInstalled();
        if (wasInstalled) {
            ImportClassMapping.getOpNameMapping().put(GatherRegistration.OP, new Gather());
            GatherRegistration.hashMap().put(GatherRegistration.hash(), Gather.class);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (wasInstalled) {
            GradientRepairs.installGather();
        }
    }
}
