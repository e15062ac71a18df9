package org.learningdynamics.series;

import java.util.List;

/** One kind of alarm. */
@FunctionalInterface
interface AlarmRule {
    /** The alarms of this kind in a run, in the order of their first steps. */
    List<Alarm> check(RecordedRun run);
}
