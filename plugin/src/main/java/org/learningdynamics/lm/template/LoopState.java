package org.learningdynamics.lm.template;

import java.util.List;

/** The variable loop within a for block. */
final class LoopState {
    private final List<Object> values;
    private int index;

    LoopState(List<Object> values) {
        this.values = values;
    }

    void at(int position) {
        index = position;
    }

    Object attribute(String name) {
        long size = values.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> size - index;
            case "revindex0" -> size - index - 1;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> size;
            case "previtem" -> index == 0 ? new Undefined(name) : values.get(index - 1);
            case "nextitem" -> index == size - 1 ? new Undefined(name) : values.get(index + 1);
            default -> new Undefined("loop." + name);
        };
    }

    Object cycle(List<Object> choices) {
        if (choices.isEmpty()) {
            throw new TemplateException("loop.cycle needs at least one value, got none");
        }
        return choices.get(index % choices.size());
    }
}
