package org.learningdynamics.lm.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that every template sees. */
final class Globals {
    private Globals() {}

    static Map<String, Object> of(Clock clock, Budget budget) {
        Map<String, Object> globals = new LinkedHashMap<>();
        globals.put("raise_exception", function("raise_exception", Globals::raise));
        globals.put(
                "strftime_now",
                function("strftime_now", a -> time(a.text(0, "format"), ZonedDateTime.now(clock))));
        globals.put("namespace", function("namespace", Globals::namespace));
        globals.put("dict", function("dict", arguments -> copy(arguments)));
        globals.put("range", function("range", arguments -> range(arguments, budget)));
        return globals;
    }

    private interface Function {
        Object of(Arguments arguments);
    }

    private static Callable function(String name, Function function) {
        return (values, named) -> function.of(new Arguments(name, values, named));
    }

    private static Object raise(Arguments arguments) {
        throw new TemplateException(arguments.text(0, "message"));
    }

    private static Object namespace(Arguments arguments) {
        return new Namespace(copy(arguments));
    }

    private static Map<String, Object> copy(Arguments arguments) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (!arguments.values().isEmpty()) {
            map.putAll(Values.attributes(Methods.mapping(arguments.values().get(0))));
        }
        map.putAll(arguments.named());
        return map;
    }

    private static List<Object> range(Arguments arguments, Budget budget) {
        long first = Values.integer(arguments.get(0, "stop"));
        boolean onlyStop = arguments.values().size() == 1;
        long stop = onlyStop ? first : Values.integer(arguments.get(1, "stop"));
        return Values.range(
                onlyStop ? 0 : first, stop, Values.integer(arguments.get(2, "step", 1L)), budget);
    }

    /** Time in the form of C's strftime. */
    private static String time(String format, ZonedDateTime now) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) == '%' && i + 1 < format.length()) {
                text.append(field(format.charAt(++i), now));
            } else {
                text.append(format.charAt(i));
            }
        }
        return text.toString();
    }

    private static String field(char letter, ZonedDateTime now) {
        String pattern =
                switch (letter) {
                    case 'd' -> "dd";
                    case 'm' -> "MM";
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'b' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'a' -> "EEE";
                    case 'A' -> "EEEE";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'p' -> "a";
                    case 'j' -> "DDD";
                    case 'F' -> "yyyy-MM-dd";
                    case 'T' -> "HH:mm:ss";
                    case '%' -> "'%'";
                    default ->
                            throw new TemplateException("strftime_now does not support %" + letter);
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
    }
}
