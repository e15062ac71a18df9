package org.learningdynamics.lm.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A template in the Jinja language, rendered as Hugging Face transformers renders chat templates:
 * the first line end after a block tag and the white space before one on its line are dropped
 * ({@code trim_blocks}, {@code lstrip_blocks}), {@code break} and {@code continue} exist, {@code
 * tojson} keeps every character, {@code raise_exception(text)} and {@code strftime_now(format)} are
 * defined.
 *
 * <p>Statements: {@code for} with filter and else, {@code if}, {@code set} (also of namespaces and
 * as a block), {@code macro}, {@code raw}, {@code generation}. Expressions: those of Jinja 3.1 with
 * its operators, slices, tests, the filters and methods that templates use. What is not among them
 * is refused by name when it is reached. Values are strings, booleans, integers of 64 bits, floats,
 * none, lists, mappings.
 *
 * <p>An untrusted template can do no more than take time and space, and of these it gets {@link
 * #MAX_STEPS} evaluations, texts of {@link #MAX_LENGTH} characters and lists of {@link #MAX_VALUES}
 * values. Immutable; safe for use by several threads.
 */
public final class JinjaTemplate {
    /** Evaluations of one rendering, at most. */
    public static final int MAX_STEPS = 1_000_000;

    /** Characters of every text, at most. */
    public static final int MAX_LENGTH = 1 << 22;

    /** Values of every list, at most. */
    public static final int MAX_VALUES = 100_000;

    private final List<Statement> statements;

    private JinjaTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @param source its text
     * @return the template
     * @throws TemplateException if it is not one, with the line
     */
    public static JinjaTemplate parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new TemplateException(
                    "a template must have a length <= " + MAX_LENGTH + ", got " + source.length());
        }
        return new JinjaTemplate(new StatementParser(new TemplateLexer(source).tags()).parse());
    }

    /**
     * Renders the template.
     *
     * @param values what it sees, by name: strings, booleans, longs, doubles, lists and maps of
     *     them; an empty {@link Optional} is none
     * @param clock the time and zone of {@code strftime_now}
     * @return the text
     * @throws TemplateException if the template raises one, uses what is not defined or supported,
     *     or exceeds a limit
     */
    public String render(Map<String, ?> values, Clock clock) {
        Budget budget = new Budget();
        Scope scope = Scope.root(Globals.of(clock, budget), budget);
        values.forEach(
                (name, value) ->
                        scope.set(name, value.equals(Optional.empty()) ? Absent.NONE : value));
        Output output = new Output(budget);
        try {
            Statement.renderAll(statements, scope, output);
        } catch (StackOverflowError e) {
            throw new TemplateException("macros call each other without end");
        }
        return output.text();
    }
}
