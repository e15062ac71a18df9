package org.learningdynamics.sweep;

import java.util.Optional;

/** Says in one line why a candidate failed. */
final class CandidateFailure {
    private CandidateFailure() {}

    static String cause(Throwable thrown) {
        Optional<CandidateFailed> known = find(thrown, CandidateFailed.class);
        if (known.isPresent()) {
            return String.valueOf(known.get().getMessage());
        }
        String message = thrown.getMessage() == null ? "" : ": " + thrown.getMessage();
        return thrown instanceof IllegalArgumentException
                ? "infeasible" + message
                : thrown.getClass().getSimpleName() + message;
    }

    /** The first of a type among a throwable and its causes. */
    static <E extends Throwable> Optional<E> find(Throwable thrown, Class<E> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 50; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
