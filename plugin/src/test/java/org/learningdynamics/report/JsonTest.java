package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.series.Interval;

class JsonTest {
    @Test
    void nestsObjectsAndArrays() {
        Json json = new Json().object().key("a").array().value(1).value("x").value(true).endArray();
        json.key("b").object().endObject().key("c").values(1.5, Double.NaN);
        json.key("d").values(List.of("p", "q")).key("e").value(new Interval(1, 0, 2, 3));
        assertEquals(
                "{\"a\":[1,\"x\",true],\"b\":{},\"c\":[1.5,null],\"d\":[\"p\",\"q\"],"
                        + "\"e\":[1,0,2,3]}",
                json.endObject().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "-1.5, -1.5",
        "123456.7, 123457",
        "1234567, 1234567",
        "0.00012345678, 0.000123457",
        "-51.23456789, -51.2346",
        "9.9999999, 10",
        "0.1, 0.1",
        "5e-7, 0.0000005",
        "1e-16, 0",
        "Infinity, null",
        "-Infinity, null",
        "NaN, null",
        "1e14, 100000000000000"
    })
    void writesSixDigits(double number, String text) {
        assertEquals(text, new Json().value(number).toString());
    }

    @Test
    void everyNumberKeepsSixDigits() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            double number = random.nextGaussian() * Math.pow(10, random.nextInt(24) - 9);
            double read = Double.parseDouble(new Json().value(number).toString());
            assertEquals(number, read, 5.001e-6 * Math.abs(number));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</script><script>alert(1)</script>",
                "<!--<script>",
                "<img src=x onerror=alert(1)>",
                "quotes \" and ' and \\ and &amp;",
                "line\u2028and\u2029paragraph",
                "nul\u0000bell\u0007tab\tdelete\u007f\ufeff",
                "\u202eright to left \u05d0\u05d1",
                "\ud83d\ude00 and half \ud83d of one",
                "{{data}} ${x} `y`",
            })
    void textsComeBackAndCannotLeaveTheirElement(String text) {
        String json = new Json().object().key(text).value(text).endObject().toString();
        assertFalse(json.matches("(?s).*[<>&\\u0000-\\u001f\\u007f\\u2028\\u2029].*"), json);
        assertEquals(text, JsonParser.parseString(json).getAsJsonObject().get(text).getAsString());
    }
}
