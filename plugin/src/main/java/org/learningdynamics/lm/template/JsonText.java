package org.learningdynamics.lm.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as JSON, in the form of Python's json.dumps with every character kept. */
final class JsonText {
    private final String step;

    /** A number of spaces a level, or none for one line. */
    JsonText(Object indent) {
        step = indent == Absent.NONE ? "" : " ".repeat((int) Values.integer(indent));
    }

    String of(Object value) {
        StringBuilder text = new StringBuilder();
        append(value, "\n", text);
        return text.toString();
    }

    private void append(Object value, String line, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            open("{", map.isEmpty(), line, text);
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                string(Values.text(entry.getKey()), text);
                text.append(": ");
                append(entry.getValue(), line + step, text);
                comma(entries.hasNext(), line, text);
            }
            close("}", map.isEmpty(), line, text);
        } else if (value instanceof List<?> list) {
            open("[", list.isEmpty(), line, text);
            for (int i = 0; i < list.size(); i++) {
                append(list.get(i), line + step, text);
                comma(i + 1 < list.size(), line, text);
            }
            close("]", list.isEmpty(), line, text);
        } else if (value instanceof String string) {
            string(string, text);
        } else if (value == Absent.NONE) {
            text.append("null");
        } else if (value instanceof Boolean || value instanceof Number) {
            text.append(value);
        } else {
            throw new TemplateException("tojson does not take " + Values.repr(value));
        }
    }

    private void open(String bracket, boolean empty, String line, StringBuilder text) {
        text.append(bracket).append(step.isEmpty() || empty ? "" : line + step);
    }

    private void comma(boolean more, String line, StringBuilder text) {
        if (more) {
            text.append(step.isEmpty() ? ", " : "," + line + step);
        }
    }

    private void close(String bracket, boolean empty, String line, StringBuilder text) {
        text.append(step.isEmpty() || empty ? "" : line).append(bracket);
    }

    private static void string(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < 0x20) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
