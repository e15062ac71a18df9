package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

class TextTableTest {
    @Test
    void showsStartBestEndAndPairedChanges() {
        RecordedRun run =
                SyntheticRun.of("dpo", 3, 2)
                        .kind("chosen", (t, i) -> -10 - (i == 0 ? 1 : -1) + (t == 1 ? 2 : -t))
                        .build();
        assertEquals(
                """
                dpo: 2 probes, 3 recordings, 200 iterations; nats, [95 % interval over probes]
                kind                    start                  best   at                    end                change            since best
                chosen  -10.00 [-22.71, 2.71]  -8.00 [-20.71, 4.71]  100  -12.00 [-24.71, 0.71]  -2.00 [-2.00, -2.00]  -4.00 [-4.00, -4.00]
                """,
                TextTable.of(run));
    }

    @Test
    void separatesRunsByAnEmptyLine() {
        RecordedRun run = SyntheticRun.of("a", 1, 1).kind("k", (t, i) -> -1.5).build();
        String text = TextTable.of(List.of(run, run.named("b")));
        assertTrue(text.contains("\n\nb: 1 probe, 1 recording, 0 iterations"), text);
        assertTrue(text.contains("k     -1.50  -1.50   0  -1.50       0           0"), text);
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        RecordedRun run = SyntheticRun.of("a\u001b[31m", 1, 1).build();
        assertFalse(TextTable.of(run).contains("\u001b"));
    }
}
