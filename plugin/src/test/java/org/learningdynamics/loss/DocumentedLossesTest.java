package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/losses.md says of each loss what the code says. */
class DocumentedLossesTest {
    private static final Path PAGE = Path.of("..", "docs", "losses.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|(.*)\\|$");
    private static final Pattern PARAMETER = Pattern.compile("`([a-z_]+)` ([0-9.]+)");

    /** Cells after the name, by name. */
    private static Map<String, List<String>> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(
                        Collectors.toMap(
                                match -> match.group(1),
                                match -> List.of(match.group(2).split("\\|", -1)),
                                (first, second) -> {
                                    throw new IllegalStateException("a loss has two rows");
                                },
                                TreeMap::new));
    }

    @Test
    void namesEveryLossOnce() throws IOException {
        assertEquals(Losses.names(), rows().keySet());
    }

    @Test
    void givesTheDefaultsOfEveryParameter() throws IOException {
        rows().forEach(
                        (name, cells) -> {
                            Map<String, Double> documented = new TreeMap<>();
                            PARAMETER
                                    .matcher(cells.get(3))
                                    .results()
                                    .forEach(
                                            match ->
                                                    documented.put(
                                                            match.group(1),
                                                            Double.valueOf(match.group(2))));
                            assertEquals(
                                    new TreeMap<>(Losses.byName(name).parameters()),
                                    documented,
                                    name);
                        });
    }

    @Test
    void givesFormulaCoefficientsAndSourceOfEveryLoss() throws IOException {
        rows().forEach(
                        (name, cells) -> {
                            assertEquals(5, cells.size(), name);
                            for (int cell : new int[] {0, 1, 2, 4}) {
                                assertTrue(!cells.get(cell).isBlank(), name + ", cell " + cell);
                            }
                        });
    }

    @Test
    void namesEveryLossWithoutReference() throws IOException {
        String page = Files.readString(PAGE);
        String sentence = page.substring(page.indexOf("not at all for"));
        sentence = sentence.substring(0, sentence.indexOf('\n'));
        Set<String> documented = new HashSet<>();
        Pattern.compile("`([a-z-]+)`")
                .matcher(sentence)
                .results()
                .forEach(match -> documented.add(match.group(1)));
        Set<String> expected =
                Losses.names().stream()
                        .filter(name -> !Losses.byName(name).needsReference())
                        .collect(Collectors.toSet());
        assertEquals(expected, documented);
    }

    @Test
    void namesEveryDivergence() throws IOException {
        String page = Files.readString(PAGE);
        for (FDivergence.Kind kind : FDivergence.Kind.values()) {
            assertTrue(page.contains("`" + kind.label() + "`"), kind.label());
        }
        assertTrue(page.contains("`f_alpha` (" + FDivergence.DEFAULT_ALPHA + ")"));
        assertTrue(page.contains("Exponents stop at " + (int) FDivergence.MAX_EXPONENT));
    }
}
