package org.learningdynamics.lm.template;

import java.util.List;

/** What one rendering may still do. */
final class Budget {
    private int steps;

    void step() {
        if (++steps > JinjaTemplate.MAX_STEPS) {
            throw new TemplateException(
                    "the template must end within " + JinjaTemplate.MAX_STEPS + " evaluations");
        }
    }

    /** Checks the length of a text before it is made, and counts the work of making it. */
    void length(long length) {
        check("texts must have a length", length, JinjaTemplate.MAX_LENGTH);
        steps += (int) (length >> 10);
        step();
    }

    /** Checks the size of a list before it is made, and counts the work of making it. */
    void values(long count) {
        check("lists must have a length", count, JinjaTemplate.MAX_VALUES);
        steps += (int) (count >> 4);
        step();
    }

    /** Counts the work of reading a value as a whole. */
    void read(Object value) {
        if (value instanceof String text) {
            length(text.length());
        } else if (value instanceof List<?> list) {
            values(list.size());
        }
    }

    private static void check(String what, long size, int most) {
        if (size > most) {
            throw new TemplateException(what + " <= " + most + ", got " + size);
        }
    }
}
