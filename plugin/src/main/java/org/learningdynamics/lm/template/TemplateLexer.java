package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts a template into text, outputs and blocks, white space dropped as the tags say. */
final class TemplateLexer {
    private static final char DROP = '-';
    private static final char KEEP = '+';

    private final String source;
    private final List<Tag> tags = new ArrayList<>();
    private int at;
    private int counted;
    private int line = 1;

    TemplateLexer(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    /**
     * One piece of a template.
     *
     * @param kind text, output or block
     * @param content what stands inside
     * @param line where it begins, from 1
     */
    record Tag(Kind kind, String content, int line) {}

    enum Kind {
        TEXT,
        OUTPUT,
        BLOCK
    }

    List<Tag> tags() {
        for (int open = nextOpen(); open >= 0; open = nextOpen()) {
            add(Kind.TEXT, textBefore(open), at);
            tag(open);
        }
        add(Kind.TEXT, source.substring(at), at);
        return tags;
    }

    private int nextOpen() {
        for (int i = at; i + 1 < source.length(); i++) {
            if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Text before a tag, without what the tag drops of it. */
    private String textBefore(int open) {
        String text = source.substring(at, open);
        char control = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
        if (control == DROP) {
            return Texts.stripEnd(text);
        }
        if (source.charAt(open + 1) == '{' || control == KEEP) {
            return text;
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean beginsLine = line > 0 || at == 0 || source.charAt(at - 1) == '\n';
        boolean blank = Texts.strip(text.substring(line)).isEmpty();
        return beginsLine && blank ? text.substring(0, line) : text;
    }

    private void tag(int open) {
        char kind = source.charAt(open + 1);
        int from = open + 2;
        int close = kind == '#' ? source.indexOf("#}", from) : closeOf(from, kind);
        if (close < 0) {
            throw new TemplateException("line " + line(open) + ": {" + kind + " is never closed");
        }
        String content = inside(from, close);
        if (kind == '%' && content.equals("raw")) {
            int end = source.indexOf("endraw", close);
            int endOpen = end < 0 ? -1 : source.lastIndexOf("{%", end);
            if (endOpen < close) {
                throw new TemplateException("line " + line(open) + ": raw is never closed");
            }
            add(Kind.TEXT, source.substring(close + 2, endOpen), close + 2);
            tag(endOpen);
            return;
        }
        if (kind != '#' && !content.equals("endraw")) {
            add(kind == '{' ? Kind.OUTPUT : Kind.BLOCK, content, open);
        }
        at = after(kind, close);
    }

    /** Where text goes on behind a tag. */
    private int after(char kind, int close) {
        char control = source.charAt(close - 1);
        int next = close + 2;
        if (control == DROP) {
            while (next < source.length() && Texts.isSpace(source.charAt(next))) {
                next++;
            }
        } else if (kind != '{' && control != KEEP && source.startsWith("\n", next)) {
            next++;
        }
        return next;
    }

    private String inside(int from, int close) {
        boolean control = from < close && "-+".indexOf(source.charAt(from)) >= 0;
        int begin = from + (control ? 1 : 0);
        boolean ending = close > begin && "-+".indexOf(source.charAt(close - 1)) >= 0;
        return Texts.strip(source.substring(begin, close - (ending ? 1 : 0)));
    }

    /** The closing that is not within quotes or braces. */
    private int closeOf(int from, char kind) {
        String closing = kind == '{' ? "}}" : "%}";
        int depth = 0;
        char quote = 0;
        for (int i = from; i + 1 < source.length(); i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (depth == 0 && source.startsWith(closing, i)) {
                return i;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            }
        }
        return -1;
    }

    private void add(Kind kind, String content, int position) {
        if (kind != Kind.TEXT || !content.isEmpty()) {
            tags.add(new Tag(kind, content, line(position)));
        }
    }

    /** The line of a position that is not before the last one asked for. */
    private int line(int position) {
        for (; counted < position; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }
}
