package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private static Gate gate(String host) throws Exception {
        return new Gate(new SecureRandom(), InetAddress.getByName(host), host, 8123);
    }

    private static String value(Gate gate) {
        return gate.cookie().split(";", -1)[0];
    }

    @Test
    void makesNewSecretsEachTime() throws Exception {
        Gate one = gate("127.0.0.1");
        Gate other = gate("127.0.0.1");
        assertNotEquals(one.token(), other.token());
        assertNotEquals(one.cookie(), other.cookie());
        assertEquals(43, one.token().length());
        assertFalse(one.cookie().contains(one.token()));
    }

    @Test
    void opensWithItsOwnTokenAlone() throws Exception {
        Gate gate = gate("127.0.0.1");
        assertTrue(gate.opensWith(gate.token()));
        assertFalse(gate.opensWith(""));
        assertFalse(gate.opensWith(gate.token() + "x"));
        assertFalse(gate.opensWith(gate.token().substring(1)));
        assertFalse(gate.opensWith(gate("127.0.0.1").token()));
    }

    @Test
    void keepsItsCookieFromScriptsAndOtherSites() throws Exception {
        String cookie = gate("127.0.0.1").cookie();
        assertTrue(cookie.matches("dynamics_8123=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict"));
    }

    @Test
    void admitsItsCookieAmongOthers() throws Exception {
        Gate gate = gate("127.0.0.1");
        assertTrue(gate.admits(List.of(value(gate))));
        assertTrue(gate.admits(List.of("a=b; " + value(gate) + " ;c=d")));
        assertTrue(gate.admits(List.of("a=b", value(gate))));
        assertFalse(gate.admits(List.of()));
        assertFalse(gate.admits(List.of("", "dynamics_8123=", "dynamics_8123")));
        assertFalse(gate.admits(List.of(value(gate) + "x", "dynamics_8124" + value(gate))));
        assertFalse(gate.admits(List.of("dynamics_8123=" + gate.token())));
    }

    @Test
    void knowsThisMachineByItsLoopbackNamesAndPort() throws Exception {
        Gate gate = gate("127.0.0.1");
        assertTrue(gate.knowsHost("127.0.0.1:8123"));
        assertTrue(gate.knowsHost("LocalHost:8123"));
        assertTrue(gate.knowsHost("[::1]:8123"));
        for (String host :
                List.of(
                        "",
                        "127.0.0.1",
                        "127.0.0.1:80",
                        "evil.example:8123",
                        "127.0.0.1.evil.example:8123",
                        "10.0.0.7:8123",
                        "localhost.:8123",
                        "localhost:8123 ",
                        "x@localhost:8123")) {
            assertFalse(gate.knowsHost(host), host);
        }
    }

    @Test
    void listeningEverywhereAcceptsNumbersAndItsOwnNameButNoOther() throws Exception {
        Gate gate = gate("0.0.0.0");
        assertTrue(gate.knowsHost("192.168.1.7:8123"));
        assertTrue(gate.knowsHost("[fe80::1]:8123"));
        assertTrue(gate.knowsHost("0.0.0.0:8123"));
        assertFalse(gate.knowsHost("evil.example:8123"));
        assertFalse(gate.knowsHost("1.2.3.4.example:8123"));
    }
}
