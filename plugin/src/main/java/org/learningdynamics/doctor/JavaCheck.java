package org.learningdynamics.doctor;

import java.util.List;

/** The Java version: 17 to 21 is what everything is tested on. */
final class JavaCheck {
    private static final int OLDEST = 17;
    private static final int NEWEST_TESTED = 21;

    /** From here on the security manager's methods that Spark 3.5 calls are gone. */
    private static final int WITHOUT_SPARK = 24;

    private JavaCheck() {}

    static List<Check> of(Host host) {
        String version = host.property().apply("java.version").orElse("unknown");
        String vendor = host.property().apply("java.vendor").orElse("unknown vendor");
        return List.of(of(feature(version), version + ", " + vendor));
    }

    private static Check of(int feature, String observed) {
        if (feature < OLDEST) {
            return Check.problem("java", observed, "Use a JDK from 17 to 21.");
        }
        if (feature >= WITHOUT_SPARK) {
            return Check.advice(
                    "java", observed, "Spark 3.5 does not run on Java 24 and later; use 17 to 21.");
        }
        if (feature > NEWEST_TESTED) {
            return Check.advice("java", observed, "Tested on 17 to 21 only.");
        }
        return Check.ok("java", observed);
    }

    private static int feature(String version) {
        try {
            return Runtime.Version.parse(version).feature();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }
}
