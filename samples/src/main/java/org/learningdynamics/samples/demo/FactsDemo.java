package org.learningdynamics.samples.demo;

import java.util.List;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.Supervision;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.probe.ResponseKind;
import org.learningdynamics.samples.facts.FactData;
import org.learningdynamics.samples.facts.FactOracle;

/** The demo on the bundled facts. */
public final class FactsDemo {
    private static final String PROBE_SET = "facts";

    private FactsDemo() {}

    /**
     * Loads the bundled facts.
     *
     * @param settings says how many probes are watched
     * @return what the demo learns from and watches
     */
    public static DemoData load(DemoSettings settings) {
        JsonLines reader = JsonLines.reader(BadLines.FAIL);
        ProbeSet probes = ProbeSet.of(PROBE_SET, reader.responses(FactData.probes()));
        FactOracle oracle = new FactOracle();
        return new DemoData(
                FactData.pretraining(),
                pairs(reader, FactData.train()),
                pairs(reader, FactData.heldOut()),
                probes.subset(Math.min(settings.probes(), probes.size())),
                oracle::compare);
    }

    private static List<PreferenceExample> pairs(JsonLines reader, TextSource source) {
        return Supervision.preferences(
                reader.responses(source).examples(), ResponseKind.CHOSEN, ResponseKind.REJECTED);
    }
}
