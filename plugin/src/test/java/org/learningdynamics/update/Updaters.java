package org.learningdynamics.update;

import java.util.LinkedHashMap;
import java.util.Map;
import org.learningdynamics.train.HeavyBall;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Every updater with a rule that a host can start (ND4J's AdaBelief cannot be), with settings that
 * are nobody's defaults.
 */
final class Updaters {
    private Updaters() {}

    static Map<String, IUpdater> all() {
        Map<String, IUpdater> all = new LinkedHashMap<>();
        all.put("Sgd", new Sgd(.05));
        all.put("NoOp", new NoOp());
        all.put("Nesterovs", new Nesterovs(.05, .7));
        all.put("RmsProp", new RmsProp(.02, .8, 1e-3));
        all.put("Adam", new Adam(.03, .8, .9, 1e-3));
        all.put("AMSGrad", new AMSGrad(.03, .8, .9, 1e-3));
        all.put("AdaGrad", new AdaGrad(.1, 1e-3));
        all.put("AdaMax", new AdaMax(.03, .8, .9, 1e-3));
        all.put("Nadam", new Nadam(.03, .8, .9, 1e-3));
        all.put("AdaDelta", new AdaDelta(.8, 1e-2));
        all.put("HeavyBall", new HeavyBall(.05, .7));
        return all;
    }

    /** The same kinds with rates (and a momentum) that change with every update. */
    static Map<String, IUpdater> scheduled() {
        Map<String, IUpdater> all = new LinkedHashMap<>();
        all.put("Sgd by schedule", new Sgd(rate()));
        all.put(
                "Nesterovs by schedules",
                new Nesterovs(rate(), new ExponentialSchedule(ScheduleType.ITERATION, .9, .95)));
        all.put("RmsProp by schedule", new RmsProp(rate()));
        all.put("Adam by schedule", new Adam(rate()));
        all.put("HeavyBall by schedule", new HeavyBall(rate(), .6));
        return all;
    }

    private static ISchedule rate() {
        return new ExponentialSchedule(ScheduleType.ITERATION, .1, .8);
    }
}
