package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void letsNothingThroughThatSteersATerminal() {
        assertEquals("a?[31mb", TerminalText.printable("a\u001b[31mb"));
        assertEquals("a?31mb", TerminalText.printable("a\u009b31mb"));
        assertEquals("a??b?c?", TerminalText.printable("a\r\nb\u202ec\u2028"));
        assertEquals("a?b", TerminalText.printable("a\ud800b"));
        assertEquals("ä二😀", TerminalText.printable("ä二😀"));
    }

    @Test
    void countsTheColumnsOfWideAndCombiningLetters() {
        assertEquals(3, TerminalText.width("abc"));
        assertEquals(4, TerminalText.width("二二"));
        assertEquals(2, TerminalText.width("😀"));
        assertEquals(1, TerminalText.width("a\u0301"));
        assertEquals(0, TerminalText.width(""));
    }

    @Test
    void clipsToColumns() {
        assertEquals("abc", TerminalText.clip("abc", 3));
        assertEquals("ab…", TerminalText.clip("abcd", 3));
        assertEquals("二…", TerminalText.clip("二二二", 4));
        assertEquals("…", TerminalText.clip("abcd", 1));
        assertEquals("", TerminalText.clip("abcd", 0));
    }

    @Test
    void fillsToColumns() {
        assertEquals("二  ", TerminalText.left("二", 4));
        assertEquals("  二", TerminalText.right("二", 4));
        assertEquals("ab…", TerminalText.right("abcd", 3));
    }

    @Test
    void wrapsAtSpacesWithinTheWidth() {
        List<String> lines = TerminalText.wrap("one two three incomprehensibilities", 9, "  ");
        assertEquals(List.of("one two", "  three", "  incomp…"), lines);
        assertTrue(lines.stream().allMatch(line -> TerminalText.width(line) <= 9));
    }
}
