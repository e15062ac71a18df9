package org.learningdynamics.doctor;

import java.lang.module.ModuleDescriptor.Version;
import java.util.ArrayList;
import java.util.List;

/** Versions with known vulnerabilities that the DL4J family brings unless they are overridden. */
final class ClassPathCheck {
    /**
     * @param group Maven group
     * @param artifact Maven artifact
     * @param fixed first version without the vulnerability
     * @param vulnerability its number
     */
    private record Known(String group, String artifact, String fixed, String vulnerability) {}

    private static final List<Known> KNOWN =
            List.of(
                    new Known("commons-io", "commons-io", "2.14.0", "CVE-2024-47554"),
                    new Known("org.apache.commons", "commons-compress", "1.26.0", "CVE-2024-25710"),
                    new Known("org.apache.commons", "commons-lang3", "3.18.0", "CVE-2025-48924"),
                    new Known("commons-net", "commons-net", "3.9.0", "CVE-2021-37533"),
                    new Known("com.google.code.gson", "gson", "2.8.9", "CVE-2022-25647"),
                    new Known("org.xerial", "sqlite-jdbc", "3.41.2.2", "CVE-2023-32697"),
                    new Known("io.netty", "netty-codec-http", "4.1.108", "CVE-2024-29025"),
                    new Known("ch.qos.logback", "logback-classic", "1.2.13", "CVE-2023-6378"));

    private ClassPathCheck() {}

    static List<Check> of(Host host) {
        List<Check> checks = new ArrayList<>();
        for (Known known : KNOWN) {
            for (String version : host.versions(known.group(), known.artifact())) {
                if (isBefore(version, known.fixed())) {
                    checks.add(vulnerable(known, version));
                }
            }
        }
        if (checks.isEmpty()) {
            checks.add(
                    Check.ok(
                            "class path",
                            "no version with a known vulnerability of those looked for"));
        }
        checks.add(shaded(host));
        return checks;
    }

    private static Check vulnerable(Known known, String version) {
        return Check.advice(
                "class path",
                known.artifact() + " " + version + " (" + known.vulnerability() + ")",
                "Take "
                        + known.fixed()
                        + " or later of "
                        + known.group()
                        + ":"
                        + known.artifact()
                        + ".");
    }

    private static Check shaded(Host host) {
        if (!host.has("org/nd4j/shade/jackson/databind/ObjectMapper.class")) {
            return Check.ok("shaded libraries", "none found");
        }
        return Check.advice(
                "shaded libraries",
                "ND4J 1.0.0-M2.1 carries jackson 2.13, snakeyaml 1.26 and protobuf 3.21 inside",
                "They cannot be replaced: read no configuration, model or JSON of people you do not"
                        + " trust with DL4J.");
    }

    static boolean isBefore(String version, String fixed) {
        return Version.parse(version).compareTo(Version.parse(fixed)) < 0;
    }
}
