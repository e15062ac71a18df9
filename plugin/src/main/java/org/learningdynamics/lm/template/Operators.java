package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;

/** Operators of two values, as Python defines them. */
final class Operators {
    private Operators() {}

    static boolean holds(String operator, Object a, Object b) {
        return switch (operator) {
            case "==" -> Values.areEqual(a, b);
            case "!=" -> !Values.areEqual(a, b);
            case "in" -> Values.contains(b, a);
            case "not in" -> !Values.contains(b, a);
            case "<" -> Values.compare(defined(a), defined(b)) < 0;
            case "<=" -> Values.compare(defined(a), defined(b)) <= 0;
            case ">" -> Values.compare(defined(a), defined(b)) > 0;
            default -> Values.compare(defined(a), defined(b)) >= 0;
        };
    }

    private static Object defined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        return value;
    }

    static Object apply(String operator, Object a, Object b, Budget budget) {
        if (operator.equals("~")) {
            return concatenated(Values.text(a), Values.text(b), budget);
        }
        defined(a);
        defined(b);
        if (operator.equals("+") && a instanceof String x && b instanceof String y) {
            return concatenated(x, y, budget);
        }
        if (operator.equals("+") && a instanceof List<?> x && b instanceof List<?> y) {
            budget.values((long) x.size() + y.size());
            List<Object> both = new ArrayList<>(x);
            both.addAll(y);
            return both;
        }
        if (operator.equals("*") && a instanceof String text) {
            long times = Math.max(0, Values.integer(b));
            boolean tooOften = times > JinjaTemplate.MAX_LENGTH;
            budget.length(tooOften ? times : times * text.length());
            return text.repeat((int) times);
        }
        if (!Values.isNumber(a) || !Values.isNumber(b)) {
            throw new TemplateException(
                    operator + " does not take " + Values.repr(a) + " and " + Values.repr(b));
        }
        return arithmetic(operator, Values.number(a), Values.number(b));
    }

    private static String concatenated(String a, String b, Budget budget) {
        budget.length((long) a.length() + b.length());
        return a + b;
    }

    private static Object arithmetic(String operator, Number a, Number b) {
        boolean integers = a instanceof Long && b instanceof Long;
        boolean division = operator.equals("/") || operator.equals("//") || operator.equals("%");
        if (division && b.doubleValue() == 0) {
            throw new TemplateException("division by zero");
        }
        try {
            return integers && !operator.equals("/")
                    ? integers(operator, a.longValue(), b.longValue())
                    : floats(operator, a.doubleValue(), b.doubleValue());
        } catch (ArithmeticException e) {
            throw new TemplateException("integers must have at most 64 bits: " + a + operator + b);
        }
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> power(a, b);
        };
    }

    private static Object power(long base, long exponent) {
        if (exponent < 0) {
            return Math.pow((double) base, (double) exponent);
        }
        if (Math.abs(base) <= 1) {
            return exponent == 0 ? 1L : base * (base < 0 && exponent % 2 == 0 ? -1 : 1);
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static Object floats(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }

    static Object signed(boolean minus, Object value) {
        Number number = Values.number(value);
        if (!minus) {
            return number;
        }
        if (number instanceof Long integer) {
            return Math.negateExact(integer);
        }
        return -number.doubleValue();
    }
}
