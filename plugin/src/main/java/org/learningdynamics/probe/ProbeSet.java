package org.learningdynamics.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.learningdynamics.data.Examples;
import org.learningdynamics.data.JsonLinesWriter;
import org.learningdynamics.data.ResponsesExample;
import org.learningdynamics.data.Sha256;

/**
 * The probes of a run. Probes may differ in the kinds they have.
 *
 * @param name name of the set
 * @param probes at least one probe, ids unique
 */
public record ProbeSet(String name, List<Probe> probes) {
    /**
     * Copies the list and checks the ids.
     *
     * @param name name of the set
     * @param probes the probes
     * @throws IllegalArgumentException if there is no probe or an id occurs twice
     */
    public ProbeSet {
        probes = List.copyOf(probes);
        if (probes.isEmpty()) {
            throw new IllegalArgumentException("a probe set needs at least one probe, got 0");
        }
        Set<Integer> ids = new HashSet<>();
        for (Probe probe : probes) {
            if (!ids.add(probe.id())) {
                throw new IllegalArgumentException(
                        "probe ids must be unique, got " + probe.id() + " twice");
            }
        }
    }

    /**
     * Probes from a file in the probe format; a probe's id is its line number.
     *
     * @param name name of the set
     * @param examples what the reader gave
     * @return the probes, in file order
     */
    public static ProbeSet of(String name, Examples<ResponsesExample> examples) {
        return new ProbeSet(
                name,
                examples.examples().stream()
                        .map(
                                e ->
                                        new Probe(
                                                Math.toIntExact(e.id()),
                                                e.digest(),
                                                e.prompt(),
                                                e.responses()))
                        .toList());
    }

    /**
     * Number of probes.
     *
     * @return at least 1
     */
    public int size() {
        return probes.size();
    }

    /**
     * Number of responses of all probes.
     *
     * @return at least 1
     */
    public int responses() {
        return probes.stream().mapToInt(probe -> probe.responses().size()).sum();
    }

    /**
     * Every kind that occurs: standard ones first in {@link ResponseKind#STANDARD} order, then
     * others in the order of their first occurrence.
     *
     * @return the kinds
     */
    public List<String> kinds() {
        Set<String> found = new LinkedHashSet<>();
        probes.forEach(probe -> found.addAll(probe.responses().keySet()));
        Stream<String> standard = ResponseKind.STANDARD.stream().filter(found::contains);
        Stream<String> others =
                found.stream().filter(kind -> !ResponseKind.STANDARD.contains(kind));
        return Stream.concat(standard, others).toList();
    }

    /**
     * The first probes of the set; ids and digests stay.
     *
     * @param count how many, at least 1; all of them if there are fewer
     * @return a set of the same name
     */
    public ProbeSet subset(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be >= 1, got " + count);
        }
        return new ProbeSet(name, probes.subList(0, Math.min(count, size())));
    }

    /**
     * The same probes with only some kinds; probes without any of them are left out.
     *
     * @param kept kinds to keep
     * @return a set of the same name; digests are those of what is left
     * @throws IllegalArgumentException if nothing is left
     */
    public ProbeSet withKinds(Set<String> kept) {
        List<Probe> left = new ArrayList<>();
        for (Probe probe : probes) {
            Map<String, String> responses = new LinkedHashMap<>(probe.responses());
            responses.keySet().retainAll(kept);
            if (!responses.isEmpty()) {
                left.add(Probe.of(probe.id(), probe.prompt(), responses));
            }
        }
        return new ProbeSet(name, left);
    }

    /**
     * The same probes with one response more, such as what a model answered.
     *
     * @param kind the new kind; replaces a response of the same kind
     * @param responses one text a probe, in the probes' order
     * @return a set of the same name; digests cover the new responses
     * @throws IllegalArgumentException if there are not as many responses as probes
     */
    public ProbeSet withKind(String kind, List<String> responses) {
        if (responses.size() != size()) {
            throw new IllegalArgumentException(
                    "responses must hold one text for each of the "
                            + size()
                            + " probes, got "
                            + responses.size());
        }
        List<Probe> widened = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            Probe probe = probes.get(i);
            Map<String, String> texts = new LinkedHashMap<>(probe.responses());
            texts.put(kind, responses.get(i));
            widened.add(Probe.of(probe.id(), probe.prompt(), texts));
        }
        return new ProbeSet(name, widened);
    }

    /**
     * SHA-256 over the ids and digests of all probes, in order.
     *
     * @return hexadecimal digest
     */
    public String digest() {
        return Sha256.ofParts(
                probes.stream()
                        .flatMap(probe -> Stream.of(String.valueOf(probe.id()), probe.digest()))
                        .collect(Collectors.toList()));
    }

    /**
     * Writes the probe format. Read again, the ids are line numbers.
     *
     * @param file where to; replaced if there
     */
    public void write(Path file) {
        List<Map<String, String>> lines = new ArrayList<>();
        for (Probe probe : probes) {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("prompt", probe.prompt());
            line.putAll(probe.responses());
            lines.add(line);
        }
        JsonLinesWriter.write(file, lines);
    }
}
