package org.learningdynamics.lm.template;

/** The text rendered so far. */
final class Output {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    Output(Budget budget) {
        this.budget = budget;
    }

    void append(String more) {
        if ((long) text.length() + more.length() > JinjaTemplate.MAX_LENGTH) {
            budget.length((long) text.length() + more.length());
        }
        text.append(more);
    }

    String text() {
        return text.toString();
    }
}
