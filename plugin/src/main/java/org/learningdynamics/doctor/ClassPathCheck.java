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
     * @param ownClass a class of it, which copies inside of other libraries have under another name
     */
    private record Known(
            String group, String artifact, String fixed, String vulnerability, String ownClass) {}

    private static final List<Known> KNOWN =
            List.of(
                    new Known(
                            "commons-io",
                            "commons-io",
                            "2.14.0",
                            "CVE-2024-47554",
                            "org/apache/commons/io/IOUtils.class"),
                    new Known(
                            "org.apache.commons",
                            "commons-compress",
                            "1.26.0",
                            "CVE-2024-25710",
                            "org/apache/commons/compress/archivers/ArchiveEntry.class"),
                    new Known(
                            "org.apache.commons",
                            "commons-lang3",
                            "3.18.0",
                            "CVE-2025-48924",
                            "org/apache/commons/lang3/StringUtils.class"),
                    new Known(
                            "commons-net",
                            "commons-net",
                            "3.9.0",
                            "CVE-2021-37533",
                            "org/apache/commons/net/SocketClient.class"),
                    new Known(
                            "com.google.code.gson",
                            "gson",
                            "2.8.9",
                            "CVE-2022-25647",
                            "com/google/gson/Gson.class"),
                    new Known(
                            "org.xerial",
                            "sqlite-jdbc",
                            "3.41.2.2",
                            "CVE-2023-32697",
                            "org/sqlite/JDBC.class"),
                    new Known(
                            "io.netty",
                            "netty-codec-http",
                            "4.1.108",
                            "CVE-2024-29025",
                            "io/netty/handler/codec/http/HttpMessage.class"),
                    new Known(
                            "ch.qos.logback",
                            "logback-classic",
                            "1.2.13",
                            "CVE-2023-6378",
                            "ch/qos/logback/classic/Logger.class"));

    private ClassPathCheck() {}

    static List<Check> of(Host host) {
        List<Check> checks = new ArrayList<>();
        for (Known known : KNOWN) {
            for (String version :
                    host.versions(known.group(), known.artifact(), known.ownClass())) {
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
        List<String> carried = new ArrayList<>();
        if (host.has("org/nd4j/shade/jackson/databind/ObjectMapper.class")) {
            carried.add("ND4J 1.0.0-M2.1 carries jackson 2.13, snakeyaml 1.26 and protobuf 3.21");
        }
        if (host.has("org/mlflow_project/google/gson/Gson.class")) {
            carried.add("MLflow's client carries gson 2.8.6 and commons-io 2.5");
        }
        if (carried.isEmpty()) {
            return Check.ok("shaded libraries", "none found");
        }
        return Check.advice(
                "shaded libraries",
                String.join("; ", carried) + " inside",
                "They cannot be replaced: read no configuration, model or JSON of people you do not"
                        + " trust with DL4J, and talk to MLflow servers that you trust.");
    }

    static boolean isBefore(String version, String fixed) {
        return Version.parse(version).compareTo(Version.parse(fixed)) < 0;
    }
}
